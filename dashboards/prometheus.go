package dashboards

const prometheusHead = `An example of Prometheus beside saidi and an Alertmanager on one machine. Paths of
rule files are from this file's folder. Further labels of a target (a region, a
replica) do no harm to the rules; exporters of several policies that share scope
ids do, and want a Prometheus each.`

// A prometheusConfig is what the example needs of Prometheus's configuration.
type prometheusConfig struct {
	Global struct {
		ScrapeInterval     string `yaml:"scrape_interval"`
		EvaluationInterval string `yaml:"evaluation_interval"`
	} `yaml:"global"`
	RuleFiles []string `yaml:"rule_files"`
	Alerting  struct {
		Alertmanagers []staticTargets `yaml:"alertmanagers"`
	} `yaml:"alerting"`
	ScrapeConfigs []scrapeConfig `yaml:"scrape_configs"`
}

type staticTargets struct {
	StaticConfigs []targetList `yaml:"static_configs"`
}

type targetList struct {
	Targets []string `yaml:"targets,flow"`
}

type scrapeConfig struct {
	JobName       string `yaml:"job_name"`
	staticTargets `yaml:",inline"`
}

// prometheusExample scrapes an exporter with its defaults on the same machine.
func prometheusExample(o RuleOptions) prometheusConfig {
	at := func(address string) staticTargets {
		return staticTargets{[]targetList{{[]string{address}}}}
	}
	var c prometheusConfig
	c.Global.ScrapeInterval, c.Global.EvaluationInterval = "30s", "30s"
	c.RuleFiles = []string{"rules/saidi-recording.yml", "rules/saidi-alerts.yml"}
	c.Alerting.Alertmanagers = []staticTargets{at("localhost:9093")}
	c.ScrapeConfigs = []scrapeConfig{{o.Job, at("localhost:9836")}}
	return c
}
