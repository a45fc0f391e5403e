//! Tuples for best-worst scaling: the pool shuffled again and again and cut into pieces, so that all texts stand in the same number of
//! tuples, or in one more.

use serde_json::{Map, Value, json};

use super::{Item, ItemError};
use crate::config::{Config, Tuples};
use crate::random::Random;

/// The field of a tuple's item that holds its texts.
pub(crate) const FIELD: &str = "bws_items";

/// The texts of a tuple, in the order of their letters.
pub(crate) fn members(fields: &Map<String, Value>) -> Vec<String> {
    let text = |member: &Value| member.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    fields.get(FIELD).and_then(Value::as_array).into_iter().flatten().map(text).collect()
}

/// The items that are annotated instead of the pool.
pub(super) fn make(
    config: &Config,
    tuples: &Tuples,
    pool: impl Iterator<Item = Result<Item, ItemError>>,
) -> Result<Vec<Item>, ItemError> {
    let mut texts = Vec::new();
    for item in pool {
        let item = item?;
        texts.push((item.text(config), item.id));
    }
    let Tuples { size, number, appearances, seed } = *tuples;
    if texts.len() < size {
        let problem = format!(
            "a tuple has {size} texts (tuple_size of bws_config) and the data has {}; add items or make tuples smaller",
            texts.len()
        );
        return Err(ItemError { place: "data_files".to_owned(), problem });
    }
    let number = number.unwrap_or_else(|| (texts.len() * appearances).div_ceil(size));
    let places = draw(texts.len(), size, number, seed);
    let keys = config.item_properties.clone();
    let item = |(count, places): (usize, Vec<usize>)| {
        let id = format!("bws_tuple_{:04}", count + 1);
        let members: Vec<_> = places.iter().map(|place| &texts[*place]).collect();
        let letters = ('A'..).zip(&members).map(|(letter, (text, _))| format!("{letter}. {text}"));
        let mut fields = Map::new();
        fields.insert(keys.id_key.clone(), id.as_str().into());
        fields.insert(keys.text_key.clone(), letters.collect::<Vec<_>>().join("\n").into());
        let members = members.iter().map(|(text, id)| json!({"id": id, "text": text}));
        fields.insert(FIELD.to_owned(), members.collect());
        Item { id, fields }
    };
    Ok(places.into_iter().enumerate().map(item).collect())
}

/// Places in the pool, tuple by tuple; none stands twice in a tuple.
fn draw(pool: usize, size: usize, number: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut random = Random::new(seed);
    let mut waiting: Vec<usize> = Vec::new();
    let mut tuples = Vec::with_capacity(number);
    while tuples.len() < number {
        let mut tuple = Vec::with_capacity(size);
        while tuple.len() < size {
            if let Some(at) = waiting.iter().rposition(|place| !tuple.contains(place)) {
                tuple.push(waiting.remove(at));
            } else {
                let mut round: Vec<usize> = (0..pool).collect();
                random.shuffle(&mut round);
                // What is left of the round before is drawn first.
                round.append(&mut waiting);
                waiting = round;
            }
        }
        tuples.push(tuple);
    }
    tuples
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn all_texts_appear_about_as_often_and_none_twice_in_a_tuple() {
        for (pool, size, number) in [(16, 4, 32), (5, 4, 11), (4, 4, 3), (17, 3, 46)] {
            let tuples = draw(pool, size, number, 42);
            assert_eq!(tuples.len(), number);
            let mut counts = vec![0; pool];
            for tuple in &tuples {
                let mut members = tuple.clone();
                members.sort_unstable();
                members.dedup();
                assert_eq!(members.len(), size, "{tuple:?}");
                for place in tuple {
                    counts[*place] += 1;
                }
            }
            let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
            assert!(most - least <= 1, "{pool} {size} {number}: {counts:?}");
            assert_eq!(tuples, draw(pool, size, number, 42), "the same seed gives the same tuples");
            assert_ne!(tuples, draw(pool, size, number, 43));
        }
    }
}
