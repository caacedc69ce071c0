package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	versioncollector "github.com/prometheus/client_golang/prometheus/collectors/version"
	"github.com/prometheus/common/promslog"
	promslogflag "github.com/prometheus/common/promslog/flag"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"
	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/internal/app"
)

// serving is the command serve.
type serving struct {
	config string
	demo   bool
	speed  float64
	web    *web.FlagConfig
	log    promslog.Config

	password string // of a store whose URL has none
}

func addServe(a *kingpin.Application) (string, func(world) error) {
	s := &serving{}
	c := a.Command("serve", "The exporter: follows files, keeps the numbers current, and shows them at /metrics and as a page at /.")
	c.Flag("config", "What to follow, a YAML file; see docs/serving.md. Without one nothing is followed.").PlaceHolder("FILE").StringVar(&s.config)
	c.Flag("demo", "Show a synthetic province on a simulated clock, without any file.").BoolVar(&s.demo)
	c.Flag("demo.speed", "Simulated seconds a second, 1 to 1000000.").Default(fmt.Sprint(app.DefaultDemoSpeed)).Float64Var(&s.speed)
	s.web = kingpinflag.AddFlags(flagsOf{c}, ":9836")
	s.log.Level, s.log.Format = promslog.NewLevel(), promslog.NewFormat()
	c.Flag(promslogflag.LevelFlagName, promslogflag.LevelFlagHelp).Default("info").HintOptions(promslog.LevelFlagOptions...).SetValue(s.log.Level)
	c.Flag(promslogflag.FormatFlagName, promslogflag.FormatFlagHelp).Default("logfmt").HintOptions(promslog.FormatFlagOptions...).SetValue(s.log.Format)
	return c.FullCommand(), s.run
}

// flagsOf lets a library add its flags to a command instead of the application.
type flagsOf struct{ *kingpin.CmdClause }

func (s *serving) run(w world) (failed error) {
	switch {
	case s.demo && s.config != "":
		return usage("give --config or --demo, not both")
	case s.demo && !(s.speed >= 1 && s.speed <= 1e6):
		return usage("--demo.speed %v: want a number from 1 to 1000000", s.speed)
	}
	s.log.Writer, s.password = w.stderr, w.variable(passwordVariable)
	log := promslog.New(&s.log)
	a, err := app.New(app.Options{
		Load: s.load, Users: s.users, Now: w.now, Demo: s.demo, DemoSpeed: s.speed, Program: "saidi " + version(), TZData: tzdata(), Log: log,
	})
	if err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, a.Close()) }()
	if s.demo {
		log.Info("demo: a synthetic province on a simulated clock; nothing in it was ever measured", "speed", s.speed)
	} else if s.config == "" {
		log.Warn("nothing is followed: give --config FILE, or --demo to look around")
	}
	ctx, stop := w.untilStopped()
	defer stop()
	return s.serve(ctx, a, log)
}

// load reads the configuration.
func (s *serving) load() (*app.Config, error) {
	if s.config == "" {
		c := app.DefaultConfig()
		return &c, nil
	}
	c, err := app.LoadConfig(s.config)
	if err == nil && c.StorePassword == "" {
		c.Store = app.WithPassword(c.Store, s.password)
	}
	return c, err
}

// users reads the users of the web configuration and the hashes of their
// passwords. What else is wrong with that file, the web server says.
func (s *serving) users() (map[string]string, error) {
	if *s.web.WebConfigFile == "" {
		return nil, nil
	}
	data, err := os.ReadFile(*s.web.WebConfigFile)
	if err != nil {
		return nil, fmt.Errorf("read web configuration: %w", err)
	}
	var c struct {
		Users map[string]string `yaml:"basic_auth_users"`
	}
	if err := yaml.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("%s: %w", *s.web.WebConfigFile, err)
	}
	return c.Users, nil
}

// shutdownTime is how long requests may take to end once the program is told to.
const shutdownTime = 10 * time.Second

// What a connection may take of the program besides what is asked over it.
const (
	headerBytes = 64 << 10 // of a request's header
	idleTime    = 2 * time.Minute
)

// serve counts and answers until ctx is done. Requests that are open then may end,
// and what they tell is taken in.
func (s *serving) serve(ctx context.Context, a *app.App, log *slog.Logger) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	stopped := make(chan error, 1)
	go func() { stopped <- a.Run(running) }()
	go reloadOn(running, hangup, a)
	server := &http.Server{
		Handler: a.Handler(s.live()), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		BaseContext: func(net.Listener) context.Context { return running },
	}
	server.RegisterOnShutdown(a.EndStreams)
	failed := make(chan error, 1)
	go func() { failed <- web.ListenAndServe(server, s.web, log) }()
	select {
	case err := <-failed:
		stop()
		return errors.Join(fmt.Errorf("serve: %w", err), <-stopped)
	case <-ctx.Done():
	}
	log.Info("stopping")
	late, cancelLate := context.WithTimeout(running, shutdownTime)
	defer cancelLate()
	err := server.Shutdown(late)
	if err := <-failed; err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	stop()
	select {
	case ended := <-stopped:
		err = errors.Join(err, ended)
	case <-time.After(shutdownTime): // a file that takes long to read has nothing to lose
	}
	if err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// live is what every scrape asks the process itself.
func (s *serving) live() prometheus.Gatherer {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), versioncollector.NewCollector("outage"))
	return r
}

// reloadOn reloads whenever a signal comes.
func reloadOn(ctx context.Context, hangup <-chan os.Signal, a *app.App) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			_ = a.Reload(ctx) // the outcome is logged and shown
		}
	}
}
