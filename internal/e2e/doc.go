// Package e2e tests the exporter together with what stands around it: a real
// Prometheus that scrapes it and evaluates the shipped rules, a real
// Alertmanager that routes what fires to a receiver of the test, promtool that
// takes the history in, and dashview that asks and draws every dashboard.
//
// The tests start these programs on free ports of the loopback and end them. As
// that takes minutes, they run only where SAIDI_E2E is 1, as make e2e sets it;
// without it the configurations alone are checked. A program that is missing is
// a failure that names its Debian package. Two variables are read beside it:
// SAIDI_E2E_OUT, a folder that the pictures of the dashboards go to, and
// SAIDI_DASHVIEW, the program dashview if it is not beside the project.
package e2e
