module judges/grafana

go 1.25.5

require github.com/grafana/grafana-foundation-sdk/go v0.0.22
