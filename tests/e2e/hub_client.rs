//! The stand-in of the Hub is held against the official client, so that ours is not tested against our own idea of it.

use tests::hub::{Hub, Options};
use tests::python::script;

use crate::TOKEN;

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_takes_the_stand_in_for_the_hub() {
    let hub = Hub::start(Options { token: Some(TOKEN.to_owned()), ..Options::default() }).await.unwrap();
    let work = tempfile::tempdir().unwrap();
    let (dir, home) = (work.path().display().to_string(), work.path().join("home").display().to_string());
    let output = tokio::task::spawn_blocking(move || {
        let variables = [
            ("HF_ENDPOINT", hub.url()),
            ("HF_TOKEN", TOKEN.to_owned()),
            ("HF_HOME", home),
            ("HF_HUB_DISABLE_TELEMETRY", "1".to_owned()),
            // Its content store is another service, which the stand-in does not have.
            ("HF_HUB_DISABLE_XET", "1".to_owned()),
        ];
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        script("hub_client.py", &[&dir], &variables)
    });
    let output = output.await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
