//! I3 in simulation: annotators come, go, skip and vanish, the store is opened anew, reservations lapse.
//!
//! `SPUD_SEED` replays one run; `SPUD_SEEDS`, `SPUD_ANNOTATORS` and `SPUD_ITEMS` say how many of each.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use project::user_state::UserState;
use rusqlite::{Connection, OpenFlags};
use store::{Desk, Go, Nothing, Place, Registered, Went};

use crate::study::Study;

/// Random numbers from a seed (`SplitMix64`: Steele, Lea and Flood, 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((value ^ (value >> 31)) >> 1).unwrap() % sides
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.roll(100) < chance
    }
}

/// An annotator as the simulation knows him.
#[derive(Default)]
struct Person {
    /// The item on his page; none where he is away.
    desk: Option<Desk>,
    answered: BTreeSet<String>,
    /// Items that he was shown.
    shown: BTreeSet<String>,
    through: bool,
}

struct World {
    study: Study,
    dice: Dice,
    strategy: &'static str,
    cap: Option<u32>,
    quota: Option<u32>,
    people: BTreeMap<String, Person>,
    db: Connection,
    saves: u64,
}

const STRATEGIES: [&str; 8] = [
    "fixed_order",
    "random",
    "least_annotated",
    "most_annotated",
    "max_diversity",
    "category_based",
    "category_based\ncategory_assignment: {fallback: random}",
    "batch",
];

#[tokio::test]
async fn limits_hold_and_no_place_stays_empty_whatever_annotators_do() {
    let number = |name: &str, default: u64| match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} must be a number, got {text:?}")),
        Err(_) => default,
    };
    let (people, items) = (number("SPUD_ANNOTATORS", 12), number("SPUD_ITEMS", 30));
    let seeds = match std::env::var("SPUD_SEED") {
        Ok(_) => number("SPUD_SEED", 0)..number("SPUD_SEED", 0) + 1,
        Err(_) => 0..number("SPUD_SEEDS", 16),
    };
    for seed in seeds {
        println!("SPUD_SEED={seed}");
        let mut world = World::new(seed, usize::try_from(items).unwrap()).await;
        world.live(usize::try_from(people).unwrap(), usize::try_from(people * 20).unwrap()).await;
        world.finish().await;
    }
}

impl World {
    async fn new(seed: u64, items: usize) -> Self {
        let mut dice = Dice(seed);
        let strategy = STRATEGIES[usize::try_from(seed).unwrap() % STRATEGIES.len()];
        let cap = [Some(1), Some(2), Some(3), None][dice.roll(4)];
        let quota = if dice.percent(30) { Some(1 + dice.roll(items)) } else { None };
        let limits = format!(
            "num_annotators_per_item: {}\nmax_annotations_per_user: {}\nrandom_seed: {seed}",
            cap.unwrap_or(0),
            quota.map_or("-1".to_owned(), |quota| quota.to_string()),
        );
        let groups = if strategy == "batch" { groups(items) } else { String::new() };
        let config = format!("assignment_strategy: {strategy}\n{limits}\n{groups}");
        println!("{strategy}, {cap:?} annotators an item, {quota:?} items an annotator");
        let lease = Duration::ZERO;
        let study = Study::configured(items, &config, |rules| store::Rules { lease, ..rules }).await;
        let quota = quota.map(|quota| u32::try_from(quota).unwrap());
        let db = Connection::open_with_flags(study.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        Self { study, dice, strategy, cap, quota, people: BTreeMap::new(), db, saves: 0 }
    }

    /// Everybody does this and that.
    async fn live(&mut self, people: usize, steps: usize) {
        for _ in 0..steps {
            let user = format!("u{}", self.dice.roll(people));
            match self.dice.roll(100) {
                0 => self.lapse().await,
                1 => self.crash().await,
                2..=5 => self.leave(&user),
                _ => self.work(&user).await,
            }
        }
        self.check_limits();
    }

    /// Those who are there go on until they are through; then others come, for as long as there is something to do.
    async fn finish(&mut self) {
        let there: Vec<String> = self
            .people
            .iter()
            .filter(|(_, person)| person.desk.is_some())
            .map(|(name, _)| name.clone())
            .collect();
        // Without a limit everybody would have to answer everything: a few show it too.
        let enough = if self.cap.is_some() { there.len() } else { 3 };
        for user in there.into_iter().take(enough) {
            self.work_through(&user).await;
        }
        self.lapse().await;
        let newcomers = if self.cap.is_some() { 1_000_000 } else { 1 };
        // One finds nothing, and nor do two more, who may have qualified for other categories.
        let mut idle = 0;
        for n in 0..newcomers {
            let user = format!("new{n}");
            self.work_through(&user).await;
            idle = if self.people[&user].shown.is_empty() { idle + 1 } else { 0 };
            if idle == 3 {
                break;
            }
        }
        self.check_limits();
        for (item, taken) in self.taken() {
            assert!(
                self.cap.is_none_or(|cap| taken == cap),
                "{item} stays at {taken} of {:?} after everybody who came was through",
                self.cap
            );
        }
        let seal = self.study.store.seal().await.unwrap();
        assert_eq!(self.study.store.recount().await.unwrap(), seal.digest);
        let restored = self.study.elsewhere().await;
        restored.learn(&self.study).await;
        let rows = |path: &std::path::Path| ranks(&Connection::open(path).unwrap());
        assert_eq!(
            rows(&restored.database()),
            rows(&self.study.database()),
            "a restored store hands out alike"
        );
        println!("{} saves by {} annotators", self.saves, self.people.len());
    }

    async fn work_through(&mut self, user: &str) {
        for _ in 0..1_000_000 {
            self.work(user).await;
            let person = &self.people[user];
            if person.through || person.desk.is_none() {
                return;
            }
        }
        panic!("{user} never gets through");
    }

    /// One step of an annotator: comes, or answers or skips the item and goes to the next.
    async fn work(&mut self, user: &str) {
        if self.people.get(user).is_some_and(|person| person.through) {
            return;
        }
        let Some(desk) = self.people.entry(user.to_owned()).or_default().desk.clone() else {
            self.register(user).await;
            let went = self.study.store.arrive(user).await.unwrap();
            self.shown(user, went);
            return;
        };
        if self.dice.percent(90) {
            self.answer(user, &desk.item).await;
        }
        let (from, percent) = (Some(desk.item), self.dice.roll(100));
        let to = if percent < 5 { Go::Previous { from } } else { Go::Next { from } };
        let went = self.study.store.go(user, to).await.unwrap();
        self.shown(user, went);
    }

    /// Every third annotator is qualified for items of category `a`, every third for those of `a` and `b`.
    async fn register(&self, user: &str) {
        let new = self.study.store.register(user, None).await.unwrap() == Registered::New;
        if new && self.strategy.starts_with("category_based") {
            let categories = match self.people.len() % 3 {
                0 => return,
                1 => "[\"a\"]",
                _ => "[\"a\", \"b\"]",
            };
            let text = format!("{{\"user_id\": \"{user}\", \"qualified_categories\": {categories}}}");
            let state = UserState::parse(text.as_bytes()).unwrap();
            self.study.store.import(user, &state, None, 1_000).await.unwrap();
        }
    }

    async fn answer(&mut self, user: &str, item: &str) {
        let mood = ["happy", "sad", "meh"][self.dice.roll(3)];
        let saved = self.study.save(user, item, mood).await.unwrap();
        self.saves += 1;
        let first = self.people.get_mut(user).unwrap().answered.insert(item.to_owned());
        assert_eq!(saved.updated, !first, "{user} at {item}: {saved:?}");
        let taken = self.study.store.item(item).await.unwrap().unwrap().taken;
        assert!(self.cap.is_none_or(|cap| taken <= u64::from(cap)), "{item} has {taken} of {:?}", self.cap);
    }

    /// What the annotator is shown next.
    fn shown(&mut self, user: &str, went: Went) {
        let Went::Place(place) = went else { panic!("{user} went to {went:?}") };
        match place {
            Place::Page(leaf) => panic!("{user} is at {leaf:?}, and this study has no pages"),
            Place::At(desk) => {
                let person = self.people.get_mut(user).unwrap();
                person.shown.insert(desk.item.clone());
                let quota = self.quota.map_or(u64::MAX, u64::from);
                assert!(desk.assigned <= quota, "{user} has {} of {quota} items", desk.assigned);
                person.desk = Some(*desk);
            }
            Place::Done { .. } => {
                self.check_nothing_left(user);
                let person = self.people.get_mut(user).unwrap();
                (person.desk, person.through) = (None, true);
            }
            Place::Nothing(why) => {
                assert_eq!(why, Nothing::Saturated, "{user}");
                self.check_nothing_left(user);
                self.people.get_mut(user).unwrap().desk = None;
            }
        }
    }

    /// Who is sent away may take nothing that has a free place.
    fn check_nothing_left(&self, user: &str) {
        let person = &self.people[user];
        if self.quota.is_some_and(|quota| person.shown.len() >= quota as usize) {
            return;
        }
        for (item, taken) in self.taken() {
            let free = self.cap.is_none_or(|cap| taken < cap);
            assert!(
                !free || self.had(user, &item) || !self.may_take(user, &item),
                "{user} is sent away from {item} with {taken} of {:?}",
                self.cap
            );
        }
    }

    /// Whether the strategy lets the annotator have the item.
    fn may_take(&self, user: &str, item: &str) -> bool {
        match self.strategy {
            strategy if strategy.starts_with("category_based") => {
                let sql = "SELECT value FROM register WHERE user = ?1 AND key = 'qualified_categories'";
                let mut statement = self.db.prepare_cached(sql).unwrap();
                let categories: Vec<String> = statement
                    .query_map((user,), |row| row.get(0))
                    .unwrap()
                    .collect::<Result<_, _>>()
                    .unwrap();
                match (number(item) % 4, categories.first().map(String::as_str)) {
                    (kind, None) => kind == 3 || strategy.contains("random"),
                    (kind, Some(qualified)) => {
                        kind == 0 || kind == 2 || (kind == 1 && qualified.contains('b'))
                    }
                }
            }
            // Who was given a group gets its items; who has none may get those of any.
            "batch" => {
                let own = &self.people[user].shown;
                own.is_empty() || own.iter().any(|own| number(own) / GROUP == number(item) / GROUP)
            }
            _ => true,
        }
    }

    /// Whether the annotator has answered the item, or had it and let it go; what lapsed comes back to him.
    fn had(&self, user: &str, item: &str) -> bool {
        let sql = "SELECT 1 FROM assignment WHERE user = ?1 AND item = ?2
                   AND (answered = 1 OR state <> 2)";
        self.db.prepare_cached(sql).unwrap().exists((user, item)).unwrap()
    }

    /// How many places of each item are taken, counted from who holds or has answered it.
    fn taken(&self) -> Vec<(String, u32)> {
        let sql = "SELECT id, count(user) FROM item LEFT JOIN assignment ON item = id
                   AND (answered = 1 OR state = 0) AND surplus = 0 GROUP BY id";
        let mut statement = self.db.prepare_cached(sql).unwrap();
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    fn check_limits(&self) {
        for (item, taken) in self.taken() {
            assert!(self.cap.is_none_or(|cap| taken <= cap), "{item} has {taken} of {:?}", self.cap);
        }
        let sql = "SELECT count(*) FROM item JOIN (SELECT item, count(*) AS n FROM assignment
                   WHERE (answered = 1 OR state = 0) AND surplus = 0 GROUP BY item) AS counted
                   ON counted.item = id WHERE n <> taken OR open <> (?1 = 0 OR n < ?1)";
        let wrong: i64 = self.db.query_row(sql, (self.cap.unwrap_or(0),), |row| row.get(0)).unwrap();
        assert_eq!(wrong, 0, "items whose count is not that of their assignments");
    }

    fn leave(&mut self, user: &str) {
        if let Some(person) = self.people.get_mut(user) {
            person.desk = None;
        }
    }

    /// Everything lapses that is held and not answered.
    async fn lapse(&mut self) {
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.study.store.reclaim().await.unwrap();
    }

    /// The process ends without a word, and another takes over.
    async fn crash(&mut self) {
        self.study = self.study.again().await;
    }
}

/// Items in a group.
const GROUP: usize = 7;

/// Groups of neighbours, for whoever comes.
fn groups(items: usize) -> String {
    let ids: Vec<String> = (0..items).map(|i| format!("item_{i:05}")).collect();
    let groups: Vec<String> =
        ids.chunks(GROUP).map(|ids| format!("{{instances: [{}]}}", ids.join(", "))).collect();
    format!("batch_assignment: {{auto_assign_annotators: true, groups: [{}]}}", groups.join(", "))
}

/// The number of an item.
fn number(item: &str) -> usize {
    item.trim_start_matches("item_").parse().unwrap()
}

/// What decides about handing out, of each item.
fn ranks(db: &Connection) -> Vec<(String, i64, bool, i64)> {
    let mut statement = db.prepare("SELECT id, taken, open, rank FROM item ORDER BY id").unwrap();
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}
