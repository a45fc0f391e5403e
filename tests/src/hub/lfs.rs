//! Large files: named by SHA-256, sent before the commit that refers to them.

use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{error, ok};
use super::lock;
use super::object::sha256;
use super::route::Asked;

/// `POST …/info/lfs/objects/batch`
pub(super) fn batch(asked: &Asked) -> Response {
    let body = asked.json();
    let one = |object: &Value| {
        let oid = object["oid"].as_str().unwrap_or_default();
        let mut answer = json!({"oid": oid, "size": object["size"]});
        if !lock(&asked.state).large.contains_key(oid) {
            answer["actions"] = json!({
                "upload": {"href": format!("{}/lfs/{oid}", asked.hub), "header": {}},
                "verify": {"href": format!("{}/lfs/verify", asked.hub), "header": {}},
            });
        }
        answer
    };
    let objects: Vec<Value> = body["objects"].as_array().into_iter().flatten().map(one).collect();
    ok(json!({"transfer": "basic", "objects": objects}))
}

/// The upload itself.
pub(super) fn put(asked: &Asked, oid: &str) -> Response {
    if sha256(&asked.body) != oid {
        return error(400, None, "The content is not what its name says");
    }
    lock(&asked.state).large.insert(oid.to_owned(), asked.body.clone());
    ok(json!({}))
}
