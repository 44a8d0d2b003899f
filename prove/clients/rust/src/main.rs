//! Asks and follows a Tributary with reqwest and graphql-ws-client, as proveClients.ts tells it to: a line of JSON for each step.

use std::{convert::Infallible, env, error::Error, io, time::Duration};

use async_tungstenite::tungstenite::{client::IntoClientRequest, http::HeaderValue};
use futures::StreamExt;
use graphql_ws_client::{graphql::GraphqlOperation, Client};
use serde::Serialize;
use serde_json::{json, Value};
use tokio::time::timeout;

type Outcome<T> = Result<T, Box<dyn Error>>;

const FIRST: &str = "query { flows(first: 1) { nodes { name status } } }";
const TOO_MANY: &str = "query { flows(first: 1000) { nodes { name } } }";
const LIFE: &str = "subscription ($after: Cursor) { flowUpdates(after: $after) { type cursor flow { name } } }";

#[derive(Serialize)]
struct Life {
    query: &'static str,
    variables: Value,
}

impl GraphqlOperation for Life {
    type Response = Value;
    type Error = Infallible;

    fn decode(&self, data: Value) -> Result<Value, Infallible> {
        Ok(data)
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let url = env::var("TRIBUTARY_URL")?;
    let token = format!("Bearer {}", env::var("TRIBUTARY_TOKEN")?);
    say("query", &ask(&url, &token, FIRST).await?["data"]);
    say("error", &ask(&url, &token, TOO_MANY).await?["errors"][0]["extensions"]["code"]);

    let seen = follow(&url, &token, Value::Null, 2).await?;
    io::stdin().read_line(&mut String::new())?;
    follow(&url, &token, seen[1]["cursor"].clone(), 1).await?;

    match follow(&url, "Bearer wrong", Value::Null, 1).await {
        Ok(_) => Err("a wrong token was taken".into()),
        Err(refusal) => {
            say("refused", &json!(refusal.to_string()));
            Ok(())
        }
    }
}

async fn ask(url: &str, token: &str, query: &str) -> Outcome<Value> {
    let request = reqwest::Client::new().post(url).header("authorization", token);
    Ok(request.json(&json!({ "query": query })).send().await?.json().await?)
}

/// Says each event, and leaves after `count` of them.
async fn follow(url: &str, token: &str, after: Value, count: usize) -> Outcome<Vec<Value>> {
    let mut request = url.replacen("http", "ws", 1).into_client_request()?;
    request
        .headers_mut()
        .insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let (connection, _) = async_tungstenite::tokio::connect_async(request).await?;
    let operation = Life { query: LIFE, variables: json!({ "after": after }) };
    let mut events = Client::build(connection)
        .payload(json!({ "authorization": token }))?
        .subscribe(operation)
        .await?;
    let mut seen = Vec::new();
    while seen.len() < count {
        let message = timeout(Duration::from_secs(30), events.next()).await?.ok_or("the stream ended")??;
        seen.push(message["data"]["flowUpdates"].clone());
        say("event", &seen[seen.len() - 1]);
    }
    Ok(seen)
}

fn say(step: &str, value: &Value) {
    println!("{}", json!({ step: value }));
}
