//! What a plain scalar means: the implicit types of YAML 1.1, as `PyYAML` resolves them.

use super::Yaml;

/// The value of a plain, untagged scalar.
pub(super) fn resolve(text: &str) -> Yaml {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Yaml::Null,
        _ => {}
    }
    if let Some(flag) = boolean(text) {
        return Yaml::Bool(flag);
    }
    // PyYAML tries floats first; no text is both.
    if let Some(number) = float(text) {
        return Yaml::Float(number);
    }
    if let Some(number) = integer(text) {
        return number;
    }
    Yaml::Text(text.to_owned())
}

/// `yes`, `no`, `true`, `false`, `on`, `off` in lower, upper or title case; not `y` and `n`.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// Binary, octal (a leading 0), decimal, hexadecimal, sexagesimal (`a:b:c`); underscores are dropped.
pub(super) fn integer(text: &str) -> Option<Yaml> {
    let (negative, digits) = sign(text);
    let plain = digits.replace('_', "");
    let number = if let Some(binary) = digits.strip_prefix("0b") {
        made_of(binary, |c| matches!(c, '0' | '1')).then(|| radix(&plain[2..], 2))?
    } else if let Some(hex) = digits.strip_prefix("0x") {
        made_of(hex, |c| c.is_ascii_hexdigit()).then(|| radix(&plain[2..], 16))?
    } else if digits == "0" {
        Some(0)
    } else if let Some(octal) = digits.strip_prefix('0') {
        made_of(octal, |c| matches!(c, '0'..='7')).then(|| radix(&plain, 8))?
    } else if digits.contains(':') {
        return sexagesimal(digits).map(|number| Yaml::Int(signed(negative, number)));
    } else if digits.starts_with(|c: char| c.is_ascii_digit()) && made_of(digits, |c| c.is_ascii_digit()) {
        radix(&plain, 10)
    } else {
        return None;
    };
    Some(match number {
        Some(number) => Yaml::Int(signed(negative, number)),
        // Larger than any count: close enough as a float.
        None => Yaml::Float(plain.parse().unwrap_or(f64::INFINITY)),
    })
}

fn signed(negative: bool, number: i128) -> i128 {
    if negative { -number } else { number }
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// At least one character, all of them underscores or as told.
fn made_of(text: &str, is_digit: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '_' || is_digit(c))
}

fn radix(digits: &str, radix: u32) -> Option<i128> {
    if digits.is_empty() { Some(0) } else { i128::from_str_radix(digits, radix).ok() }
}

/// `[1-9][0-9_]*(:[0-5]?[0-9])+`
fn sexagesimal(text: &str) -> Option<i128> {
    let mut parts = text.split(':');
    let first = parts.next()?;
    if !first.starts_with(|c: char| matches!(c, '1'..='9')) || !made_of(first, |c| c.is_ascii_digit()) {
        return None;
    }
    let mut number: i128 = first.replace('_', "").parse().ok()?;
    for part in parts {
        number = number.checked_mul(60)?.checked_add(sixtieth(part)?)?;
    }
    Some(number)
}

fn sixtieth(part: &str) -> Option<i128> {
    let allowed = match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => matches!(ten, b'0'..=b'5') && one.is_ascii_digit(),
        _ => false,
    };
    if allowed { part.parse().ok() } else { None }
}

/// A decimal point is needed, and a sign in the exponent: `1e3` and `1.5e3` are text.
pub(super) fn float(text: &str) -> Option<f64> {
    let (negative, digits) = sign(text);
    let factor = if negative { -1.0 } else { 1.0 };
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        return Some(factor * f64::INFINITY);
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(f64::NAN);
    }
    if digits.contains(':') {
        let (sixties, fraction) = digits.split_once('.')?;
        return sexagesimal_float(sixties, fraction).map(|number| factor * number);
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    if let Some(exponent) = exponent {
        let power = exponent.strip_prefix(['+', '-'])?;
        if power.is_empty() || !power.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    let (whole, fraction) = mantissa.split_once('.')?;
    let allowed = if whole.is_empty() {
        // `.5` takes no sign in YAML 1.1.
        text == digits
            && fraction.starts_with(|c: char| c.is_ascii_digit())
            && made_of(fraction, |c| c.is_ascii_digit())
    } else {
        whole.starts_with(|c: char| c.is_ascii_digit())
            && made_of(whole, |c| c.is_ascii_digit())
            && (fraction.is_empty() || made_of(fraction, |c| c.is_ascii_digit()))
    };
    let plain = digits.replace('_', "");
    if allowed { plain.parse::<f64>().ok().map(|number| factor * number) } else { None }
}

fn sexagesimal_float(sixties: &str, fraction: &str) -> Option<f64> {
    if !fraction.chars().all(|c| c == '_' || c.is_ascii_digit()) {
        return None;
    }
    let mut parts = sixties.split(':');
    let first = parts.next()?;
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !made_of(first, |c| c.is_ascii_digit()) {
        return None;
    }
    let mut number: f64 = first.replace('_', "").parse().ok()?;
    for part in parts {
        #[expect(clippy::cast_precision_loss, reason = "at most 59")]
        let part = sixtieth(part)? as f64;
        number = number * 60.0 + part;
    }
    let fraction: f64 = format!("0.{}", fraction.replace('_', "")).parse().unwrap_or(0.0);
    Some(number + fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_they_mean_to_pyyaml() {
        for (text, expected) in [
            ("yes", Yaml::Bool(true)),
            ("Off", Yaml::Bool(false)),
            ("y", Yaml::Text("y".into())),
            ("oN", Yaml::Text("oN".into())),
            ("~", Yaml::Null),
            ("010", Yaml::Int(8)),
            ("08", Yaml::Text("08".into())),
            ("0o10", Yaml::Text("0o10".into())),
            ("0x1F", Yaml::Int(31)),
            ("-0b101", Yaml::Int(-5)),
            ("1_000", Yaml::Int(1000)),
            ("12:30", Yaml::Int(750)),
            ("12:60", Yaml::Text("12:60".into())),
            ("1:30.5", Yaml::Float(90.5)),
            ("1e3", Yaml::Text("1e3".into())),
            ("1.0e3", Yaml::Text("1.0e3".into())),
            ("1.0e+3", Yaml::Float(1000.0)),
            (".5", Yaml::Float(0.5)),
            ("-.5", Yaml::Text("-.5".into())),
            ("5.", Yaml::Float(5.0)),
            ("-.inf", Yaml::Float(f64::NEG_INFINITY)),
            ("-", Yaml::Text("-".into())),
            ("1.2.3", Yaml::Text("1.2.3".into())),
        ] {
            assert_eq!(resolve(text), expected, "{text}");
        }
    }
}
