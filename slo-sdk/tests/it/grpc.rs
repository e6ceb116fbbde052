//! The export over gRPC, as the environment asks for it.
//!
//! The environment belongs to the process and is read at the start, so the test runs itself
//! again with the variables set.

use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
    metrics_service_server::{MetricsService, MetricsServiceServer},
};
use std::{env, process::Command, sync::mpsc, time::Duration};
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
        let guard = slo_sdk::init().unwrap();
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
