// What was changed between two lists of words or characters.

// Where two lists differ: [from, to of a, to of b], without what they begin and end with alike.
const middle = (a, b) => {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let [end_a, end_b] = [a.length, b.length];
  while (end_a > start && end_b > start && a[end_a - 1] === b[end_b - 1]) [end_a, end_b] = [end_a - 1, end_b - 1];
  return [start, end_a, end_b];
};

// Levenshtein's distance.
export const distance = (a, b) => {
  const [start, end_a, end_b] = middle(a, b);
  const [left, right] = [a.slice(start, end_a), b.slice(start, end_b)];
  let row = Uint32Array.from({ length: right.length + 1 }, (_, at) => at);
  for (const [i, one] of left.entries()) {
    const next = new Uint32Array(right.length + 1);
    next[0] = i + 1;
    for (let j = 0; j < right.length; j += 1) {
      next[j + 1] = Math.min(row[j] + (one === right[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1);
    }
    row = next;
  }
  return row[right.length];
};

// Pieces in order: { kind: "same" | "out" | "in", text }, by the longest common subsequence.
export const pieces = (a, b) => {
  const [start, end_a, end_b] = middle(a, b);
  const [left, right] = [a.slice(start, end_a), b.slice(start, end_b)];
  const width = right.length + 1;
  const common = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = left[i] === right[j]
        ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const found = [];
  const add = (kind, text) => {
    if (found.at(-1)?.kind === kind) found.at(-1).text += text;
    else if (text !== "") found.push({ kind, text });
  };
  add("same", a.slice(0, start).join(""));
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      add("same", left[i]);
      [i, j] = [i + 1, j + 1];
    } else if (j >= right.length || (i < left.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      add("out", left[i]);
      i += 1;
    } else {
      add("in", right[j]);
      j += 1;
    }
  }
  add("same", a.slice(end_a).join(""));
  return found;
};
