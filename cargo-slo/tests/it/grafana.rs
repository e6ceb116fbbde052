//! `diff --against grafana+…`: dashboards, against a server that answers in the shapes of Grafana's
//! API.

use crate::{
    fixtures::{Run, Sandbox, orders},
    servers::{Answer, Server, parameter},
};
use serde_json::{Value, json};

const TOKEN: [(&str, &str); 1] = [("GRAFANA_TOKEN", "glsa_s3cret")];

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox
}

fn generated(sandbox: &Sandbox) -> Value {
    let run = sandbox.slo("generate grafana --bin orders").ok();
    serde_json::from_str(&run.out).unwrap()
}

/// A dashboard as Grafana gives it back: with what it knows about it.
fn whole(dashboard: &Value, meta: &Value) -> Value {
    let mut dashboard = dashboard.clone();
    dashboard["id"] = 17.into();
    dashboard["version"] = 4.into();
    dashboard["schemaVersion"] = 41.into();
    dashboard["timezone"] = "browser".into();
    dashboard["weekStart"] = "".into();
    for panel in dashboard["panels"].as_array_mut().unwrap() {
        panel["pluginVersion"] = "12.0.1".into();
        panel["fieldConfig"]["defaults"]["mappings"] = json!([]);
    }
    let mut all = json!({
        "type": "db", "canSave": true, "canEdit": true, "canAdmin": true, "canStar": true,
        "canDelete": true, "slug": "slos-of-orders", "url": "/d/x/slos-of-orders",
        "expires": "0001-01-01T00:00:00Z", "created": "2026-01-01T00:00:00Z",
        "updated": "2026-01-02T00:00:00Z", "updatedBy": "admin", "createdBy": "admin", "version": 4,
        "hasAcl": false, "isFolder": false, "apiVersion": "v1beta1", "folderId": 3,
        "folderUid": "slo-folder", "folderTitle": "SLO", "folderUrl": "/dashboards/f/slo-folder/slo",
        "provisioned": false, "provisionedExternalId": "",
        "annotationsPermissions": {"dashboard": {"canAdd": true, "canEdit": true, "canDelete": true}}
    });
    all.as_object_mut()
        .unwrap()
        .extend(meta.as_object().unwrap().clone());
    json!({"meta": all, "dashboard": dashboard})
}

fn hit(uid: &str, title: &str) -> Value {
    json!({"id": 1, "orgId": 1, "uid": uid, "title": title, "uri": "db/x", "url": "/d/x/x", "slug": "",
        "type": "dash-db", "tags": ["cargo-slo", "slo"], "isStarred": false, "folderId": 3,
        "folderUid": "slo-folder", "folderTitle": "SLO", "folderUrl": "/dashboards/f/slo-folder/slo",
        "sortMeta": 0, "isDeleted": false})
}

/// A Grafana with these dashboards by their uid, of which a search finds these hits.
fn grafana(dashboards: Vec<Value>, hits: Vec<Value>) -> Server {
    Server::new(move |head| {
        if !head.contains("Bearer glsa_s3cret") {
            return Answer::of(
                "401 Unauthorized",
                json!({"extra": null, "message": "Unauthorized", "messageId": "auth.unauthorized",
                    "statusCode": 401, "traceID": ""}),
            );
        }
        let path = head.split(['?', ' ']).nth(1).unwrap();
        if path == "/sub/api/search" {
            assert_eq!(parameter(head, "tag"), Some("cargo-slo"));
            let number = |name| parameter(head, name).unwrap().parse::<usize>().unwrap();
            let (page, limit) = (number("page"), number("limit"));
            let found = hits.iter().skip((page - 1) * limit).take(limit);
            return Answer::ok(json!(found.collect::<Vec<_>>()));
        }
        let uid = path.strip_prefix("/sub/api/dashboards/uid/").unwrap();
        match dashboards.iter().find(|all| all["dashboard"]["uid"] == uid) {
            Some(dashboard) => Answer::ok(dashboard),
            None => Answer::of(
                "404 Not Found",
                json!({"message": "Dashboard not found", "traceID": ""}),
            ),
        }
    })
}

fn diff(sandbox: &Sandbox, server: &Server, arguments: &str) -> Run {
    let command = format!(
        "diff --against grafana+{}/sub/ {arguments} --bin orders",
        server.url()
    );
    let run = sandbox.slo_in(&command, &TOKEN);
    assert!(server.heads().iter().all(|head| head.starts_with("GET ")));
    Run {
        out: run.out.replace(&server.url(), "http://grafana"),
        ..run
    }
}

#[test]
fn what_grafana_adds_is_no_drift() {
    let sandbox = sandbox();
    let server = grafana(vec![whole(&generated(&sandbox), &json!({}))], Vec::new());
    assert_eq!(diff(&sandbox, &server, "").ok().err, "nothing differs\n");
}

#[test]
fn what_differs_is_told_by_panel_with_the_request_that_changes_it() {
    let sandbox = sandbox();
    let wanted = generated(&sandbox);
    let mut edited = whole(&wanted, &json!({}));
    let panels = edited["dashboard"]["panels"].as_array_mut().unwrap();
    panels[0]["targets"][0]["expr"] = "up".into();
    panels.push(json!({"id": 99, "type": "stat", "title": "By hand"}));
    let mut hits: Vec<_> = (0..1000).map(|n| hit(&format!("u{n}"), "others")).collect();
    hits.push(hit(wanted["uid"].as_str().unwrap(), "SLOs of orders"));
    hits.push(hit("copied", "SLOs of orders"));
    let server = grafana(vec![edited.clone()], hits);
    let run = diff(&sandbox, &server, "");
    assert_eq!(run.code, 1);
    for words in [
        "dashboard \"SLOs of orders\": different panel \"Error budget left\" in targets.0.expr `up` → `",
        "left over panel \"By hand\"",
        "left over copy with the uid copied\n  POST http://grafana/sub/api/dashboards/db\n",
    ] {
        assert!(run.out.contains(words), "`{words}` is not in:\n{}", run.out);
    }
    let report: Value =
        serde_json::from_str(&diff(&sandbox, &server, "--format json").out).unwrap();
    let body = &report["changes"][0]["apply"][0]["body"];
    assert_eq!(
        (&body["dashboard"], &body["overwrite"]),
        (&wanted, &json!(true))
    );
    assert_eq!(body["folderUid"], "slo-folder");

    edited["meta"]["provisioned"] = true.into();
    let server = grafana(vec![edited], Vec::new());
    let run = diff(&sandbox, &server, "");
    assert!(
        run.out.contains("it is provisioned") && !run.out.contains("POST"),
        "{}",
        run.out
    );

    let server = grafana(Vec::new(), Vec::new());
    let run = diff(&sandbox, &server, "");
    assert_eq!(
        run.out,
        "dashboard \"SLOs of orders\": missing\n  POST http://grafana/sub/api/dashboards/db\n"
    );
}

#[test]
fn whatever_else_it_answers_is_an_error_that_says_what_to_do() {
    let sandbox = sandbox();
    let server = grafana(Vec::new(), Vec::new());
    let command = format!("diff --against grafana+{}/sub --bin orders", server.url());
    let run = sandbox.slo_in(&command, &[("GRAFANA_TOKEN", "")]);
    run.failed(&[
        "it answers 401 Unauthorized: Unauthorized",
        "GRAFANA_TOKEN",
        "/sub/api/search",
    ]);
    for (answer, words) in [
        (
            ("200 OK", "<html>log in</html>"),
            "the response is not a Grafana API response",
        ),
        (
            ("200 OK", "{}"),
            "the response is not a Grafana API response",
        ),
        (("404 Not Found", "<html>"), "it answers 404 Not Found"),
        (("404 Not Found", "{}"), "it answers 404 Not Found"),
        (
            (
                "500 Internal Server Error",
                "{\"message\": \"glsa_s3cret\"}",
            ),
            "500 Internal Server Error: …",
        ),
    ] {
        let server = Server::new(move |_| Answer::of(answer.0, answer.1));
        let command = format!("diff --against grafana+{} --bin orders", server.url());
        let run = sandbox
            .slo_in(&command, &TOKEN)
            .failed(&["/api/search", words, "help"]);
        assert!(!run.err.contains("s3cret"), "{}", run.err);
    }
}
