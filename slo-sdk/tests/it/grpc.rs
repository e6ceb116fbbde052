//! The export over gRPC, as the environment asks for it.
//!
//! The environment belongs to the process and is read at the start, so the test runs itself
//! again with the variables set.

use crate::{child::is_child, collectors::black_hole};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
    metrics_service_server::{MetricsService, MetricsServiceServer},
};
use std::{
    env,
    process::Command,
    sync::mpsc,
    time::{Duration, Instant},
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

const CHILD: &str = "SLO_TEST_GRPC_CHILD";

struct Collector(mpsc::Sender<ExportMetricsServiceRequest>);

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        self.0
            .send(request.into_inner())
            .map_err(|_| Status::internal("the test is over"))?;
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

/// What the application does: no runtime anywhere.
#[test]
fn child() {
    if env::var_os(CHILD).is_some() {
        let guard = slo_sdk::try_init().unwrap();
        guard.flush().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_environment_chooses_grpc() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, received) = mpsc::channel();
    let service = MetricsServiceServer::new(Collector(sender));
    let server = Server::builder().add_service(service);
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));

    let child = tokio::task::spawn_blocking(move || {
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "grpc::child", "--nocapture"])
            .env(CHILD, "1")
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{address}"))
            .env("OTEL_SERVICE_NAME", "over-grpc")
            .output()
            .unwrap()
    });
    let output = child.await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let first = received.recv_timeout(Duration::from_secs(10)).unwrap();
    let resource = first.resource_metrics[0].resource.as_ref().unwrap();
    let service = resource
        .attributes
        .iter()
        .find(|pair| pair.key == "service.name")
        .unwrap();
    assert!(format!("{service:?}").contains("over-grpc"));
    let metrics = &first.resource_metrics[0].scope_metrics[0].metrics;
    assert!(metrics.iter().any(|metric| metric.name == "slo.events"));
    // The end exports once more.
    received.recv_timeout(Duration::from_secs(10)).unwrap();
}

fn over_grpc<'a>(url: &'a str, timeout: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", url),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", timeout),
    ]
}

/// Accepts connections and never says a word, not even of HTTP/2.
#[test]
fn a_collector_that_never_answers_is_said() {
    let url = format!("http://{}", black_hole());
    let test = "grpc::a_collector_that_never_answers_is_said";
    if !is_child(test, &over_grpc(&url, "300")) {
        return;
    }
    let guard = slo_sdk::builder()
        .shutdown_timeout(Duration::from_secs(60))
        .try_init()
        .unwrap();
    guard.flush().unwrap_err();
    let health = slo_sdk::export_health();
    assert!(health.failing_since.is_some());
    let reason = health.last_error.unwrap();
    assert!(reason.contains("gRPC"), "{reason}");
}

#[test]
fn a_collector_that_is_not_there_is_said() {
    // Nobody listens on a port that is bound and given back.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let test = "grpc::a_collector_that_is_not_there_is_said";
    if !is_child(test, &over_grpc(&url, "1000")) {
        return;
    }
    let guard = slo_sdk::builder()
        .shutdown_timeout(Duration::from_secs(60))
        .try_init()
        .unwrap();
    guard.flush().unwrap_err();
    let reason = slo_sdk::export_health().last_error.unwrap();
    assert!(reason.contains("refused"), "{reason}");
}

/// A runtime of one thread starts the export, is held up at its end, and is dropped; another
/// goes on.
#[test]
fn runtimes_come_and_go() {
    let url = format!("http://{}", black_hole());
    if !is_child("grpc::runtimes_come_and_go", &over_grpc(&url, "60000")) {
        return;
    }
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let bound = Duration::from_millis(200);
    let start = async || {
        let builder = slo_sdk::builder().shutdown_timeout(bound);
        builder.try_init().unwrap()
    };
    let guard = runtime().block_on(start());
    guard.flush().unwrap_err();
    let took = runtime().block_on(async {
        let start = Instant::now();
        drop(guard);
        start.elapsed()
    });
    assert!(took >= bound && took < Duration::from_secs(5), "{took:?}");
    runtime().block_on(async { drop(start().await) });
}
