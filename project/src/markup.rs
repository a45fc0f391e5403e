//! Sanitised HTML, piece by piece: what is a tag, and which character of the text is written how.

/// A piece of sanitised HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// From its `<` to its `>`; the text does not count it.
    Tag(&'a str),
    /// As it is written, and what it means.
    Char(&'a str, char),
}

/// How the sanitiser writes what may not stand as it is.
const ENTITIES: [(&str, char); 5] =
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", '\u{a0}')];

/// The pieces of what the sanitiser wrote: these entities, and tags that end where a `>` stands outside of quotes.
pub(crate) fn pieces(sanitised: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = sanitised;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (piece, length) = if first == '<' {
            let mut quoted = false;
            let end = rest.find(|c: char| {
                quoted ^= c == '"';
                c == '>' && !quoted
            });
            let length = end.map_or(rest.len(), |end| end + 1);
            (Piece::Tag(&rest[..length]), length)
        } else {
            let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
            let (length, meant) =
                entity.map_or((first.len_utf8(), first), |(entity, meant)| (entity.len(), *meant));
            (Piece::Char(&rest[..length], meant), length)
        };
        rest = &rest[length..];
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_ends_outside_of_its_quotes() {
        let found: Vec<_> = pieces("<a title=\"1 > <h1\">&lt;é</a>").collect();
        let expected = [
            Piece::Tag("<a title=\"1 > <h1\">"),
            Piece::Char("&lt;", '<'),
            Piece::Char("é", 'é'),
            Piece::Tag("</a>"),
        ];
        assert_eq!(found, expected);
    }
}
