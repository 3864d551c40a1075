//! Tables and secrets.

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use super::{TestResponse, execute, get, send};

const CSV: &str = "sku,price,note\r\nA-1,9.5,\"red, large\"\r\nB-2,12,\r\nC-3,7,blue\r\n";

/// Sends a multipart form with a CSV file and an optional name.
async fn send_csv(fake: &FakeRetab, line: &str, name: Option<&str>, csv: &str) -> TestResponse {
    let (method, target) = line.split_once(' ').unwrap();
    let name = name.map_or(String::new(), |name| {
        format!("--b\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\n{name}\r\n")
    });
    let file = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"prices.csv\"\r\ncontent-type: text/csv\r\n\r\n{csv}\r\n--b--\r\n"
    );
    let request = reqwest::Client::new()
        .request(
            method.parse().unwrap(),
            format!("{}{target}", fake.base_url()),
        )
        .bearer_auth(FakeRetab::API_KEY)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(format!("{name}{file}"));
    execute(request).await
}

async fn table(fake: &FakeRetab) -> String {
    let created = send_csv(fake, "POST /v1/tables", Some("prices"), CSV).await;
    assert_eq!(created.status, 201, "{}", created.text);
    created.json()["tables"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn table_contains_csv_and_downloads_it_unchanged() {
    let fake = FakeRetab::start().await;
    let id = table(&fake).await;
    let table = get(&fake, &format!("/v1/tables/{id}")).await.json();
    assert_eq!(table["table"]["row_count"], 3);
    assert_eq!(
        table["table"]["sample_rows"][0],
        json!({"sku": "A-1", "price": 9.5, "note": "red, large"})
    );
    let types: Vec<&Value> = table["table"]["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| &column["json_schema"]["type"])
        .collect();
    assert_eq!(types, ["string", "number", "string"]);
    let csv = get(&fake, &format!("/v1/tables/{id}/download")).await;
    assert_eq!(csv.headers["content-type"], "text/csv");
    assert_eq!(csv.text, CSV);

    let malformed = send_csv(&fake, "POST /v1/tables", Some("prices"), "a,b\n1\n").await;
    assert_eq!(malformed.status, 422, "{}", malformed.text);
    let replaced = send_csv(&fake, &format!("PUT /v1/tables/{id}"), None, "sku\nZ-9\n").await;
    assert_eq!(
        replaced.json()["tables"][0]["row_count"],
        1,
        "{}",
        replaced.text
    );
    assert_eq!(replaced.json()["tables"][0]["name"], "prices");
    let line = format!("PATCH /v1/tables/{id}");
    let renamed = send(
        &fake,
        &line,
        json!({"name": "old prices", "metadata": null}),
    )
    .await;
    assert_eq!(renamed.json()["tables"][0]["name"], "old prices");
    let listed = get(&fake, "/v1/tables").await.json();
    assert_eq!(listed["tables"][0]["id"], id.as_str());
    assert_eq!(
        send(&fake, &format!("DELETE /v1/tables/{id}"), Value::Null)
            .await
            .status,
        204
    );
    for target in ["", "/download", "/schema", "/profile"] {
        assert_eq!(
            get(&fake, &format!("/v1/tables/{id}{target}")).await.status,
            404
        );
    }
}

#[tokio::test]
async fn queries_filter_sort_and_limit_rows() {
    let fake = FakeRetab::start().await;
    let id = table(&fake).await;
    let line = format!("POST /v1/tables/{id}/query");
    for (query, expected) in [
        (Value::Null, "A-1 B-2 C-3"),
        (
            json!({"sort": [{"column": "price", "direction": "desc"}]}),
            "B-2 A-1 C-3",
        ),
        (
            json!({"filters": [{"column": "price", "operator": "gt", "value": 8}]}),
            "A-1 B-2",
        ),
        (
            json!({"filters": [{"column": "note", "operator": "is_empty"}]}),
            "B-2",
        ),
        (
            json!({"filters": [{"column": "sku", "operator": "in", "value": ["a-1", "c-3"]}]}),
            "A-1 C-3",
        ),
        (
            json!({"filters": [{"column": "sku", "operator": "eq", "value": "a-1"}], "case_sensitive": true}),
            "",
        ),
        (
            json!({"filters": [{"column": "price", "operator": "between", "value": [7, 9.5]}]}),
            "A-1 C-3",
        ),
        (json!({"search": {"query": "BLUE"}}), "C-3"),
        (json!({"offset": 1, "limit": 1}), "B-2"),
        (json!({"tail": {"size": 1}}), "C-3"),
        (json!({"count_only": true}), ""),
    ] {
        let result = send(&fake, &line, query.clone()).await.json();
        let rows = result["rows"].as_array().unwrap().iter();
        let names: Vec<&str> = rows
            .map(|row| row["data"]["sku"].as_str().unwrap())
            .collect();
        assert_eq!(names.join(" "), expected, "{query}");
    }
    let selected = send(&fake, &line, json!({"select": ["price"], "limit": 1}))
        .await
        .json();
    assert_eq!(selected["rows"][0]["data"], json!({"price": 9.5}));
    assert_eq!(selected["has_more"], true);
    for query in [
        json!({"select": ["size"]}),
        json!({"sort": [{"column": "size"}]}),
        json!({"group_by": ["sku"]}),
    ] {
        assert_eq!(send(&fake, &line, query).await.status, 422);
    }
}

#[tokio::test]
async fn profiles_and_validates_table() {
    let fake = FakeRetab::start().await;
    let id = table(&fake).await;
    let profile = get(
        &fake,
        &format!("/v1/tables/{id}/profile?select=price&select=note"),
    )
    .await;
    let columns = profile.json()["columns"].clone();
    assert_eq!(columns[0]["name"], "price");
    assert_eq!(
        (&columns[0]["min"], &columns[0]["max"]),
        (&json!(7), &json!(12))
    );
    assert_eq!(columns[1]["null_count"], 1);
    let unknown = get(&fake, &format!("/v1/tables/{id}/profile?select=size")).await;
    assert_eq!(unknown.status, 422);

    let line = format!("POST /v1/tables/{id}/validate");
    let rules = json!({"required_columns": ["sku"], "columns": {"price": {"type": "number"}}, "unique": [["sku"]]});
    assert_eq!(send(&fake, &line, rules).await.json()["has_errors"], false);
    let rules = json!({"required_columns": ["size"], "columns": {"note": {"is_not_empty": true, "type": "integer"}}});
    let result = send(&fake, &line, rules).await.json();
    let rules: Vec<&Value> = result["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|diagnostic| &diagnostic["rule"])
        .collect();
    assert_eq!(rules, ["required_columns", "type", "is_not_empty"]);
}

#[tokio::test]
async fn only_one_operation_returns_secret_value() {
    let fake = FakeRetab::start().await;
    let secret = json!({"name": "token", "value": "hunter2"});
    let created = send(&fake, "POST /v1/secrets", secret.clone()).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(send(&fake, "POST /v1/secrets", secret).await.status, 409);
    let value = get(&fake, "/v1/secrets/token/value").await;
    assert_eq!(value.json()["secret"]["value"], "hunter2");
    for response in [
        created,
        get(&fake, "/v1/secrets").await,
        get(&fake, "/v1/secrets/token").await,
        send(&fake, "PUT /v1/secrets/token", json!({"value": "hunter3"})).await,
    ] {
        assert!(!response.text.contains("hunter"), "{}", response.text);
    }
    assert_eq!(
        send(&fake, "DELETE /v1/secrets/token", Value::Null)
            .await
            .status,
        204
    );
    assert_eq!(get(&fake, "/v1/secrets/token").await.status, 404);
    assert_eq!(get(&fake, "/v1/secrets").await.json()["secrets"], json!([]));
}
