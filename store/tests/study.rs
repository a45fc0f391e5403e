//! A small study in a directory of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use store::{
    AnswerChange, Desk, Go, Options, Place, Rules, Save, SaveError, Saved, Seal, Store, Strategy, Went,
};
use tempfile::TempDir;

/// A store with items `item_00000`, `item_00001`, …
#[derive(Clone)]
pub(crate) struct Study {
    pub(crate) store: Store,
    dir: Arc<TempDir>,
    rules: Rules,
    /// Further lines of the config.
    config: String,
}

pub(crate) fn rules() -> Rules {
    Rules {
        strategy: Strategy::FixedOrder,
        fallback: store::Fallback::default(),
        batches: store::Batches::default(),
        annotators_per_item: None,
        items_per_annotator: None,
        seed: 1234,
        lease: Duration::from_hours(1),
        schemes: vec!["mood".to_owned(), "topics".to_owned(), "why".to_owned()],
        phases: project::config::Phases::default(),
    }
}

impl Study {
    pub(crate) async fn new(items: usize, rules: Rules) -> Self {
        Self::configured(items, "", |_| rules).await
    }

    /// With further lines in the config; `adapt` may change the rules that follow from it.
    pub(crate) async fn configured(items: usize, config: &str, adapt: impl FnOnce(Rules) -> Rules) -> Self {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        write_project(dir.path(), items, config);
        let loaded = project::config::load(&dir.path().join("config.yaml")).unwrap();
        let rules = adapt(Rules::from_config(&loaded.config));
        let store = open(dir.path(), rules.clone()).await;
        Self { store, dir, rules, config: config.to_owned() }
    }

    /// With files of its own beside the config.
    pub(crate) async fn with_files(items: usize, config: &str, files: &[(&str, &str)]) -> Self {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        write_project(dir.path(), items, config);
        for (name, content) in files {
            std::fs::write(dir.path().join(name), content).unwrap();
        }
        let loaded = project::config::load(&dir.path().join("config.yaml")).unwrap();
        let rules = Rules::from_config(&loaded.config);
        let store = open(dir.path(), rules.clone()).await;
        Self { store, dir, rules, config: config.to_owned() }
    }

    /// The same study as another process has it open.
    pub(crate) async fn again(&self) -> Self {
        Self { store: open(self.dir.path(), self.rules.clone()).await, ..self.clone() }
    }

    /// The config of the study with further lines.
    pub(crate) fn config_with(&self, further: &str) -> project::config::Config {
        let file = self.dir.path().join("config.yaml");
        let text = std::fs::read_to_string(&file).unwrap();
        let changed = self.dir.path().join("changed.yaml");
        std::fs::write(&changed, format!("{text}{further}\n")).unwrap();
        project::config::load(&changed).unwrap().config
    }

    /// The same study, started with other rules.
    pub(crate) async fn with(&self, rules: Rules) -> Self {
        Self { store: open(self.dir.path(), rules.clone()).await, rules, ..self.clone() }
    }

    /// Another disk of the same project.
    pub(crate) async fn elsewhere(&self) -> Self {
        let items = usize::try_from(self.store.items().await.unwrap()).unwrap();
        Self::configured(items, &self.config, |_| self.rules.clone()).await
    }

    /// The file of the store.
    pub(crate) fn database(&self) -> std::path::PathBuf {
        self.dir.path().join("annotation_output/.spud/store.sqlite")
    }

    pub(crate) async fn join(&self, user: &str) -> Desk {
        self.store.register(user, None).await.unwrap();
        self.desk(user).await
    }

    pub(crate) async fn desk(&self, user: &str) -> Desk {
        at(self.store.arrive(user).await.unwrap())
    }

    pub(crate) async fn next(&self, user: &str, from: &str) -> Option<Desk> {
        match self.store.go(user, Go::Next { from: Some(from.to_owned()) }).await.unwrap() {
            Went::Place(Place::At(desk)) => Some(*desk),
            Went::Place(Place::Done { .. } | Place::Nothing(_)) => None,
            other => panic!("{user} went to {other:?}"),
        }
    }

    pub(crate) async fn save(&self, user: &str, item: &str, mood: &str) -> Result<Saved, SaveError> {
        self.store.save(save(user, item, "mood", mood)).await
    }

    pub(crate) async fn mood(&self, user: &str, item: &str) -> Option<String> {
        let stored = self.store.stored(user, item).await.unwrap();
        stored.answers.get("mood").and_then(|labels| labels.keys().next().cloned())
    }

    /// Brings all of `other`'s own history over.
    pub(crate) async fn learn(&self, other: &Self) -> Seal {
        let seal = other.store.seal().await.unwrap();
        let origin = other.store.study().await.unwrap().origin;
        let known = self.store.vector().await.unwrap().get(&origin).copied().unwrap_or(0);
        let lines = other.store.lines(0, seal.tip.last).await.unwrap();
        let mut tip = store::Tip::default();
        let events: Vec<_> = lines.iter().map(|line| Ok((origin, tip.read(origin, line).unwrap()))).collect();
        let rest = events.into_iter().skip(usize::try_from(known).unwrap());
        self.store.union(Box::new(rest), None).await.unwrap();
        seal
    }
}

/// A save of one label as the page sends it.
pub(crate) fn save(user: &str, item: &str, scheme: &str, label: &str) -> Save {
    let mut change = AnswerChange::default();
    let labels = [(label.to_owned(), label.into())].into_iter().collect();
    change.schemes.insert(scheme.to_owned(), labels);
    Save { user: user.to_owned(), item: item.to_owned(), change, key: None, seen: None }
}

pub(crate) fn at(went: Went) -> Desk {
    match went {
        Went::Place(Place::At(desk)) => *desk,
        other => panic!("expected a place at an item, found {other:?}"),
    }
}

async fn open(dir: &Path, rules: Rules) -> Store {
    let options = Options { dir: dir.join("annotation_output/.spud"), readers: 2, rules, boot: None };
    let store = Store::open(options).unwrap();
    let config = project::config::load(&dir.join("config.yaml")).unwrap().config;
    store.ingest(&config).await.unwrap();
    store
}

/// Every fourth item has no category, the others are of `a`, of `b`, of both.
fn write_project(dir: &Path, items: usize, further: &str) {
    std::fs::create_dir_all(dir.join("data")).unwrap();
    let category = |i: usize| ["\"a\"", "\"b\"", "[\"a\", \"b\"]", "null"][i % 4];
    let row = |i: usize| {
        let category = category(i);
        format!("{{\"id\": \"item_{i:05}\", \"text\": \"Text {i}.\", \"category\": {category}}}")
    };
    let rows: Vec<String> = (0..items).map(row).collect();
    std::fs::write(dir.join("data/items.jsonl"), rows.join("\n")).unwrap();
    let config = "annotation_task_name: Test\ntask_dir: .\noutput_annotation_dir: annotation_output\n\
                  data_files: [data/items.jsonl]\n\
                  item_properties: {id_key: id, text_key: text, category_key: category}\n\
                  annotation_schemes:\n- {annotation_type: radio, name: mood, description: Mood, labels: [happy, sad, meh]}\n";
    std::fs::write(dir.join("config.yaml"), format!("{config}{further}\n")).unwrap();
}
