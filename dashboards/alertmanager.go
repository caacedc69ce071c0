package dashboards

const alertmanagerHead = `An example of Alertmanager for the alerts of saidi: the operator, who runs the
exporter and brings the data, hears by e-mail and WeCom in English and Chinese, the
bureau, which answers for the targets, in Chinese. Replace every CHANGE-ME and the
addresses under example.org. The secret of WeCom stands in this file up to
Alertmanager 0.25 at least, so keep it readable by Alertmanager alone; the mail
password has a file of its own.

For any other service give a receiver a webhook beside or instead of these:
  webhook_configs:
    - url: http://localhost:8060/saidi
      send_resolved: true`

// The receivers of the example.
const (
	operatorReceiver       = "operator"
	operatorUrgentReceiver = "operator-urgent"
	bureauReceiver         = "bureau"
)

// An alertmanagerConfig is what the example needs of Alertmanager's
// configuration.
type alertmanagerConfig struct {
	Global       alertmanagerGlobal `yaml:"global"`
	Route        route              `yaml:"route"`
	InhibitRules []inhibition       `yaml:"inhibit_rules"`
	Receivers    []receiver         `yaml:"receivers"`
}

type alertmanagerGlobal struct {
	SMTPSmarthost    string `yaml:"smtp_smarthost"`
	SMTPFrom         string `yaml:"smtp_from"`
	SMTPAuthUsername string `yaml:"smtp_auth_username"`
	SMTPPasswordFile string `yaml:"smtp_auth_password_file"`
	WeChatAPIURL     string `yaml:"wechat_api_url"`
	WeChatCorpID     string `yaml:"wechat_api_corp_id"`
	WeChatAPISecret  string `yaml:"wechat_api_secret"`
}

type route struct {
	Receiver       string   `yaml:"receiver"`
	Matchers       []string `yaml:"matchers,omitempty,flow"`
	GroupBy        []string `yaml:"group_by,omitempty,flow"`
	GroupWait      string   `yaml:"group_wait,omitempty"`
	GroupInterval  string   `yaml:"group_interval,omitempty"`
	RepeatInterval string   `yaml:"repeat_interval,omitempty"`
	Routes         []route  `yaml:"routes,omitempty"`
}

type receiver struct {
	Name   string         `yaml:"name"`
	Email  []emailConfig  `yaml:"email_configs"`
	WeChat []weChatConfig `yaml:"wechat_configs"`
}

type emailConfig struct {
	To           string            `yaml:"to"`
	SendResolved bool              `yaml:"send_resolved"`
	Headers      map[string]string `yaml:"headers"`
	HTML         string            `yaml:"html"`
	Text         string            `yaml:"text"`
}

type weChatConfig struct {
	ToParty      string `yaml:"to_party"`
	AgentID      string `yaml:"agent_id"`
	SendResolved bool   `yaml:"send_resolved"`
	Message      string `yaml:"message"`
}

func alertmanagerExample() alertmanagerConfig {
	return alertmanagerConfig{
		Global: alertmanagerGlobal{
			SMTPSmarthost: "smtp.example.org:587", SMTPFrom: "saidi@example.org", SMTPAuthUsername: "saidi@example.org",
			SMTPPasswordFile: "/etc/alertmanager/smtp-password",
			WeChatAPIURL:     "https://qyapi.weixin.qq.com/cgi-bin/", WeChatCorpID: "CHANGE-ME", WeChatAPISecret: "CHANGE-ME",
		},
		Route:        routes(),
		InhibitRules: inhibitions(),
		Receivers: []receiver{
			recipient(operatorReceiver, "operator@example.org", "both"),
			recipient(operatorUrgentReceiver, "on-call@example.org", "both"),
			recipient(bureauReceiver, "bureau@example.org", "zh"),
		},
	}
}

// routes sends alerts to who has to look, one message for all scopes of an
// alert. An alert without an audience is the operator's. No interval is longer
// than the five days for which Alertmanager remembers what it sent.
func routes() route {
	to := func(a audience) string { return `audience="` + string(a) + `"` }
	return route{
		Receiver: operatorReceiver, GroupBy: []string{"alertname", "policy", "year"},
		GroupWait: "30s", GroupInterval: "5m", RepeatInterval: "12h",
		Routes: []route{
			{Receiver: bureauReceiver, Matchers: []string{to(audienceBureau)}, GroupWait: "5m", GroupInterval: "1h", RepeatInterval: "72h"},
			{Receiver: operatorUrgentReceiver, Matchers: []string{to(audienceOperator), `severity="` + string(severityCritical) + `"`}, GroupWait: "10s", RepeatInterval: "1h"},
			{Receiver: operatorReceiver, Matchers: []string{to(audienceOperator)}},
		},
	}
}

// recipient is a receiver who gets a mail and a message of WeCom. WeCom cuts
// messages at 2048 bytes, so they carry summaries only.
func recipient(name, mail, language string) receiver {
	lines, more, subject := `{{ .Annotations.summary_zh }}`, `{{ .Annotations.description_zh }}`, `{{ if eq .Status "resolved" }}恢复{{ else }}告警{{ end }}`
	if language == "both" {
		lines += "\n{{ .Annotations.summary }}"
		more += "\n{{ .Annotations.description }}"
	}
	head := `{{ if eq .Status "resolved" }}【恢复】{{ else if eq .Labels.severity "critical" }}【紧急】{{ else if eq .Labels.severity "warning" }}【警告】{{ else }}【提示】{{ end }}`
	return receiver{
		Name: name,
		Email: []emailConfig{{
			To: mail, SendResolved: true,
			Headers: map[string]string{"Subject": `[saidi] ` + subject + `: {{ .CommonLabels.alertname }} ({{ len .Alerts }})`},
			Text:    "{{ range .Alerts }}" + head + lines + "\n" + more + "\n{{ .Annotations.runbook_url }}\n\n{{ end }}",
		}},
		WeChat: []weChatConfig{{
			ToParty: "CHANGE-ME", AgentID: "CHANGE-ME", SendResolved: true,
			Message: "{{ range .Alerts }}" + head + lines + "\n{{ end }}{{ .ExternalURL }}\n",
		}},
	}
}
