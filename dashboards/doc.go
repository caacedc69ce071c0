// Package dashboards makes what ships beside the exporter: Grafana dashboards in
// Chinese and English with their provisioning, recording rules, alerts, and
// examples of the configuration of Prometheus and Alertmanager. It knows the
// names of metrics and no values.
package dashboards
