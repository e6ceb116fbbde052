//! Files that other files name: they are of the repository, regular, and not too long, or they are
//! refused before anything of them is read or shown.

use crate::{
    check::fleet,
    fixtures::{Sandbox, orders},
};
use std::fs;

/// What must never be shown.
const SECRET: &str = "aws_secret_access_key = hunter2";

/// Memory that each of these commands gets, in KiB: a file without an end would fill it.
#[cfg(unix)]
const KIBIBYTES: u32 = 96 << 10;

/// A service whose repository lies beside a folder with a secret.
fn repository() -> (Sandbox, Sandbox) {
    let outer = Sandbox::new();
    outer.write("home/credentials", SECRET);
    outer.write("repository/.git/HEAD", "");
    let inner = Sandbox::at(outer.path("repository"));
    inner.write("orders", orders());
    (outer, inner)
}

/// `slo.toml` with a file of each kind.
fn naming(path: &str) -> Vec<String> {
    ["openapi", "descriptors", "gateway", "routes"]
        .map(|key| format!("[coverage]\n{key} = [{path:?}]\n"))
        .into()
}

#[test]
fn what_slo_toml_names_stays_in_the_repository() {
    let (outer, inner) = repository();
    let absolute = outer.path("home/credentials").display().to_string();
    for path in [
        "../home/credentials",
        "api/../../home/credentials",
        &absolute,
    ] {
        inner.write("api/there", "");
        for text in naming(path) {
            inner.write("slo.toml", &text);
            for command in ["check", "check --slo-toml slo.toml", "doc"] {
                let run = inner.slo(&format!("{command} --bin orders"));
                let run = run.failed(&[
                    "lies outside of",
                    "repository",
                    "--> slo.toml:2",
                    "--may-read DIR",
                ]);
                assert!(!run.err.contains("hunter2"), "{}", run.err);
            }
            // Whoever names the folder has the file read, whatever it then holds.
            let run = inner.slo("check --bin orders --may-read ../home");
            run.failed(&["credentials"]);
        }
    }
    inner.write("slo.toml", "[coverage]\nroutes = ['../home/routes.txt']\n");
    outer.write("home/routes.txt", "POST /cart/{id}\n");
    let run = inner.slo("check --bin orders --may-read ../home");
    assert!(run.code < 2, "{run:?}");
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_else() {
    let (_outer, inner) = repository();
    let link = |to: &str, name: &str| {
        let path = inner.write(name, "");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(to, path).unwrap();
    };
    let refused = |command: &str| {
        let run = inner.slo(&format!("{command} --bin orders"));
        let run = run.failed(&["lies outside of", "--may-read DIR"]);
        assert!(!run.err.contains("hunter2"), "{}", run.err);
    };
    link("../home/credentials", "api.txt");
    inner.write("slo.toml", "[coverage]\nroutes = ['api.txt']\n");
    refused("check");
    fs::remove_file(inner.path("slo.toml")).unwrap();
    // The file that is read though nobody named it.
    link("../home/credentials", "slo.toml");
    refused("check");
    refused("doc");
    fs::remove_file(inner.path("slo.toml")).unwrap();
    for name in ["tiers.toml", "services/z.slo.json"] {
        let folder = format!("catalogue-of-{}", name.len());
        let up = "../".repeat(name.matches('/').count() + 2);
        link(
            &format!("{up}home/credentials"),
            &format!("{folder}/{name}"),
        );
        refused(&format!("check --catalog {folder}"));
    }
    // A link within the repository is as good as a file.
    inner.write("routes.txt", "POST /cart/{id}\n");
    link("../routes.txt", "api/linked.txt");
    inner.write("slo.toml", "[coverage]\nroutes = ['api/linked.txt']\n");
    assert!(inner.slo("check --bin orders").code < 2);
}

/// Devices, pipes, sockets and links to them: by every way that a file can name one.
#[cfg(unix)]
#[test]
fn devices_and_pipes_that_files_name_are_refused_at_once() {
    let (outer, inner) = repository();
    let pipe = inner.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(inner.path("socket")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", inner.path("zero")).unwrap();
    let refused = |command: &str| {
        let run = inner.slo_within(KIBIBYTES, &format!("{command} --bin orders"));
        run.failed(&["a device or a pipe"]);
    };
    for name in ["pipe", "socket", "zero"] {
        for text in naming(name) {
            inner.write("slo.toml", &text);
            refused("check --may-read /dev");
        }
        fs::remove_file(inner.path("slo.toml")).unwrap();
        fs::create_dir_all(inner.path("catalogue/services")).unwrap();
        for at in [
            "slo.toml",
            "catalogue/tiers.toml",
            "catalogue/services/z.slo.json",
        ] {
            std::os::unix::fs::symlink(inner.path(name), inner.path(at)).unwrap();
            refused("check --catalog catalogue --may-read /dev");
            fs::remove_file(inner.path(at)).unwrap();
        }
    }
    drop(outer);
}

/// What has no end is read to the limit where a person names it, and refused then.
#[cfg(unix)]
#[test]
fn a_person_may_name_a_device_and_waits_for_no_end() {
    let (_outer, inner) = repository();
    for (command, most) in [
        ("list --export /dev/zero", 96 << 10),
        ("check --bin orders --slo-toml /dev/zero", 64 << 10),
        ("check --bin orders --routes /dev/zero", 96 << 10),
        ("check --bin orders --history /dev/zero", 600 << 10),
    ] {
        inner.slo_within(most, command).failed(&["longer than"]);
    }
    // As of `--slo-toml <(generate)`.
    let script = format!(
        "cat slo.toml | {} slo check --bin orders --slo-toml /dev/stdin",
        env!("CARGO_BIN_EXE_cargo-slo")
    );
    inner.write("slo.toml", "owner = 'somebody'\nunknown = 1\n");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(inner.path(""))
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("unknown key `unknown`"), "{err}");
}

/// A file that says it is long is not read at all, and one that lies is not read beyond the limit.
#[cfg(unix)]
#[test]
fn long_files_are_refused() {
    let (_outer, inner) = repository();
    for name in ["long.slo.json", "long.toml", "long.yaml", "long.json"] {
        let file = fs::File::create(inner.path(name)).unwrap();
        file.set_len(10 << 30).unwrap();
    }
    for command in [
        "list --export long.slo.json",
        "check --bin orders --slo-toml long.toml",
        "check --bin orders --openapi long.yaml",
        "check --bin orders --history long.json",
        "diff --bin orders --against long.yaml",
    ] {
        inner
            .slo_within(KIBIBYTES, command)
            .failed(&["longer than"]);
    }
    inner.write("slo.toml", "[coverage]\nopenapi = ['long.yaml']\n");
    let check = "check --bin orders";
    inner.slo_within(KIBIBYTES, check).failed(&["longer than"]);
}

/// A document that somebody exchanged for a device is none, and not waited for.
#[cfg(unix)]
#[test]
fn a_document_that_is_a_pipe_or_endless() {
    let (_outer, inner) = repository();
    let doc = "doc -o out --history none --format markdown --bin orders";
    inner.slo(doc).ok();
    inner.slo(&format!("{doc} --check")).ok();
    let path = inner.path("out/orders.slo.md");
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(10 << 30).unwrap();
    let run = inner.slo_within(KIBIBYTES, &format!("{doc} --check"));
    assert_eq!((run.code, run.out.contains("not up to date")), (1, true));
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    let run = inner.slo_within(KIBIBYTES, &format!("{doc} --check"));
    run.failed(&["a device or a pipe"]);
}

/// A generated folder that holds a pipe under a name that is like ours.
#[cfg(unix)]
#[test]
fn a_pipe_beside_generated_files_is_not_waited_for() {
    let (_outer, inner) = repository();
    fs::create_dir(inner.path("rules")).unwrap();
    let pipe = inner.path("rules/gone.prometheus.yaml");
    let made = std::process::Command::new("mkfifo").arg(pipe).status();
    assert!(made.unwrap().success());
    let generate = "generate prometheus -o rules --bin orders";
    let run = inner.slo(generate).ok();
    assert!(!run.err.contains("gone"), "{}", run.err);
}

/// Commas are cheap: a file of them takes no multiple of its length.
#[cfg(unix)]
#[test]
fn a_file_of_many_small_records_is_refused() {
    let sandbox = fleet(&[]);
    let records = format!("{}0", "0,".repeat(4 << 20));
    let text = format!("{{\"format\":1,\"service\":\"orders\",\"records\":[{records}]}}");
    sandbox.write("many.slo.json", text);
    let run = sandbox.slo_within(KIBIBYTES, "list --export many.slo.json");
    run.failed(&["more than 10000 records"]);
    let records = format!("{}0", "0,\n".repeat(5000));
    let text = format!("{{\"format\":1,\"service\":\"orders\",\"records\":[{records}]}}");
    sandbox.write("many.slo.json", text);
    let run = sandbox.slo_within(KIBIBYTES, "list --export many.slo.json");
    let run = run.failed(&["many.slo.json:2", "many.slo.json:50"]);
    assert_eq!(run.err.matches("error:").count(), 50);
}
