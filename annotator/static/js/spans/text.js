// Between places in the page's text and offsets in code points, as spans are stored with.

// A text in which places are counted; `root` holds nothing else.
export class Text {
  constructor(root) {
    this.root = root;
    this.nodes = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let at = 0;
    while (walker.nextNode()) {
      const points = [...walker.currentNode.data].length;
      this.nodes.push({ node: walker.currentNode, start: at, end: at + points });
      at += points;
    }
    this.length = at;
    this.text = root.textContent;
    this.points = [...this.text];
    this.words = words(this.text);
  }

  // The offset of a place in the document; its nearest one if it lies outside of the text.
  offset(container, index) {
    if (container.nodeType === Node.TEXT_NODE) {
      const known = this.nodes.find(({ node }) => node === container);
      if (known) return known.start + [...container.data.slice(0, index)].length;
    }
    const before = document.createRange();
    before.selectNodeContents(this.root);
    if (this.root.contains(container)) before.setEnd(container, index);
    else if (this.root.compareDocumentPosition(container) & Node.DOCUMENT_POSITION_PRECEDING) return 0;
    return [...before.toString()].length;
  }

  // The place of an offset; at a border between nodes the end of the first if `ends`, else the beginning of the second.
  place(offset, ends) {
    const found = this.nodes.find(({ start, end }) => (ends ? offset > start && offset <= end : offset >= start && offset < end))
      ?? this.nodes.at(-1);
    const units = [...found.node.data].slice(0, offset - found.start).join("").length;
    return [found.node, units];
  }

  range(start, end) {
    const range = document.createRange();
    if (this.nodes.length === 0) return range;
    range.setStart(...this.place(start, false));
    range.setEnd(...this.place(end, true));
    return range;
  }

  slice(start, end) {
    return this.points.slice(start, end).join("");
  }

  // What is selected, without white space at its ends; null if nothing of the text is.
  selection() {
    const selection = getSelection();
    if (selection.rangeCount === 0 || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.root)) return null;
    let start = this.offset(range.startContainer, range.startOffset);
    let end = this.offset(range.endContainer, range.endOffset);
    while (start < end && /\s/u.test(this.points[start])) start += 1;
    while (end > start && /\s/u.test(this.points[end - 1])) end -= 1;
    return start < end ? { start, end } : null;
  }
}

// Where words are, by the language's own rules where the browser knows them.
const words = (text) => {
  const found = [];
  let at = 0;
  const segments = Intl.Segmenter
    ? new Intl.Segmenter(document.documentElement.lang, { granularity: "word" }).segment(text)
    : [...text.matchAll(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]+/gu)].map(([segment]) => ({ segment, isWordLike: /[\p{L}\p{N}]/u.test(segment) }));
  for (const { segment, isWordLike } of segments) {
    const points = [...segment].length;
    if (isWordLike) found.push({ start: at, end: at + points });
    at += points;
  }
  return found;
};
