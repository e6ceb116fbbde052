// Evaluates rule files as a Prometheus server does, by its own rule manager, engine and storage, in
// histories that promtool can't play: samples that arrive later than their time stamps say,
// evaluations that are skipped, rules that are evaluated side by side.
//
// Reads histories from standard input, a JSON object a line, and answers each with a line.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"runtime"
	"sort"
	"sync"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// A history of what arrived when, and what is asked about it. Times are seconds.
type history struct {
	Rules []string `json:"rules"`
	// Rules that take the place of these from a moment on.
	Reloaded *reload `json:"reloaded"`
	// Each group is evaluated at a moment of its own within the minute, which its name decides.
	Phased     bool `json:"phased"`
	Concurrent bool `json:"concurrent"`
	// Rules that alert are left out: their texts are a good part of the work, and nobody asks for them.
	RecordingOnly bool      `json:"recording_only"`
	Series        []series  `json:"series"`
	Evaluated     []float64 `json:"evaluated"`
	Queries       []query   `json:"queries"`
	// A folder that is to hold everything in the end, for a server to start on.
	Snapshot string `json:"snapshot"`
}

type reload struct {
	At    float64  `json:"at"`
	Rules []string `json:"rules"`
}

type series struct {
	Labels map[string]string `json:"labels"`
	// When it arrived, the time stamp, and the value.
	Samples [][3]float64 `json:"samples"`
}

type query struct {
	At   float64 `json:"at"`
	Expr string  `json:"expr"`
}

// The results of the queries, in their order.
type answer struct {
	Results [][]result `json:"results"`
	Error   string     `json:"error,omitempty"`
	// Samples that the storage did not take.
	Refused int `json:"refused"`
}

type result struct {
	Labels map[string]string `json:"labels"`
	Value  float64           `json:"value"`
}

// How far out of order samples are taken, as the documentation asks for.
const window = 2 * time.Hour

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	decoder := json.NewDecoder(in)
	type job struct {
		history history
		answer  chan answer
	}
	work := make(chan job)
	ordered := make(chan chan answer, 64)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for next := range work {
				played, err := play(next.history)
				if err != nil {
					played.Error = err.Error()
				}
				next.answer <- played
			}
		})
	}
	go func() {
		defer close(ordered)
		defer close(work)
		for {
			var next history
			if err := decoder.Decode(&next); err != nil {
				if err.Error() != "EOF" {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(2)
				}
				return
			}
			result := make(chan answer, 1)
			ordered <- result
			work <- job{next, result}
		}
	}()
	out := json.NewEncoder(os.Stdout)
	for result := range ordered {
		if err := out.Encode(<-result); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	workers.Wait()
}

type arrival struct {
	at     float64
	t      int64
	v      float64
	labels labels.Labels
}

func play(h history) (answer, error) {
	played := answer{Results: make([][]result, len(h.Queries))}
	folder, err := os.MkdirTemp("", "judge-rules-")
	if err != nil {
		return played, err
	}
	defer os.RemoveAll(folder)
	options := tsdb.DefaultOptions()
	options.OutOfOrderTimeWindow = window.Milliseconds()
	// All in memory, and nothing written while it is played.
	options.RetentionDuration = (1000 * 24 * time.Hour).Milliseconds()
	options.MinBlockDuration = (200 * 24 * time.Hour).Milliseconds()
	options.MaxBlockDuration = options.MinBlockDuration
	options.WALSegmentSize = -1
	db, err := tsdb.Open(folder, promslog.NewNopLogger(), nil, options, nil)
	if err != nil {
		return played, err
	}
	defer db.Close()
	syntax := parser.NewParser(parser.Options{})
	engine := promql.NewEngine(promql.EngineOpts{
		Logger: promslog.NewNopLogger(), MaxSamples: 50_000_000, Timeout: time.Minute,
		LookbackDelta: 5 * time.Minute, EnableAtModifier: true, EnableNegativeOffset: true, Parser: syntax,
	})
	defer engine.Close()
	manage := &rules.ManagerOptions{
		QueryFunc:              rules.EngineQueryFunc(engine, db),
		AppendableV2:           db,
		Queryable:              db,
		Context:                context.Background(),
		NotifyFunc:             func(context.Context, string, ...*rules.Alert) {},
		Logger:                 promslog.NewNopLogger(),
		ConcurrentEvalsEnabled: h.Concurrent,
		MaxConcurrentEvals:     8,
		Parser:                 syntax,
	}
	manager := rules.NewManager(manage)
	load := func(files []string) ([]*rules.Group, error) {
		groups, err := load(manager, files)
		if err != nil || !h.RecordingOnly {
			return groups, err
		}
		return recording(groups, manage), nil
	}
	groups, err := load(h.Rules)
	if err != nil {
		return played, err
	}

	var arrivals []arrival
	for _, one := range h.Series {
		of := labels.FromMap(one.Labels)
		for _, sample := range one.Samples {
			arrivals = append(arrivals, arrival{sample[0], int64(math.Round(sample[1] * 1000)), sample[2], of})
		}
	}
	sort.SliceStable(arrivals, func(i, j int) bool { return arrivals[i].at < arrivals[j].at })
	asked := make([]int, len(h.Queries))
	for i := range asked {
		asked[i] = i
	}
	sort.SliceStable(asked, func(i, j int) bool { return h.Queries[asked[i]].At < h.Queries[asked[j]].At })

	ask := func(until float64) error {
		for len(asked) > 0 && h.Queries[asked[0]].At < until {
			q := h.Queries[asked[0]]
			results, err := instant(engine, db, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q.Expr, err)
			}
			played.Results[asked[0]] = results
			asked = asked[1:]
		}
		return nil
	}
	for _, minute := range h.Evaluated {
		if h.Reloaded != nil && minute >= h.Reloaded.At {
			if groups, err = load(h.Reloaded.Rules); err != nil {
				return played, err
			}
			h.Reloaded = nil
		}
		if h.Phased {
			sort.SliceStable(groups, func(i, j int) bool { return phase(groups[i]) < phase(groups[j]) })
		}
		for _, group := range groups {
			at := minute
			if h.Phased {
				at += phase(group)
			}
			if err := ask(at); err != nil {
				return played, err
			}
			n := sort.Search(len(arrivals), func(i int) bool { return arrivals[i].at > at })
			refused, err := store(db, arrivals[:n])
			if err != nil {
				return played, err
			}
			played.Refused += refused
			arrivals = arrivals[n:]
			moment := time.UnixMilli(int64(math.Round(at * 1000))).UTC()
			group.Eval(context.Background(), moment)
			for _, rule := range group.Rules() {
				if err := rule.LastError(); err != nil {
					return played, fmt.Errorf("rule %s at %v: %w", rule.Name(), at, err)
				}
			}
		}
	}
	if err := ask(1e300); err != nil || h.Snapshot == "" {
		return played, err
	}
	return played, db.Snapshot(h.Snapshot, true)
}

// The groups in the order of the files.
func load(manager *rules.Manager, files []string) ([]*rules.Group, error) {
	loaded, errs := manager.LoadGroups(time.Minute, labels.EmptyLabels(), "", nil, false, files...)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	var groups []*rules.Group
	for _, group := range loaded {
		groups = append(groups, group)
		for _, rule := range group.AlertingRules() {
			// There is nothing to restore; until that is said, no alert is recorded.
			rule.SetRestored(true)
		}
	}
	// Groups of counts before those that judge them, as names have it.
	sort.Slice(groups, func(i, j int) bool {
		a, b := groups[i].Name(), groups[j].Name()
		if counts := isCounts(a); counts != isCounts(b) {
			return counts
		}
		return a < b
	})
	return groups, nil
}

// The groups without the rules that alert; those that have no others are left out.
func recording(groups []*rules.Group, options *rules.ManagerOptions) []*rules.Group {
	var kept []*rules.Group
	for _, group := range groups {
		var records []rules.Rule
		for _, rule := range group.Rules() {
			if _, is := rule.(*rules.RecordingRule); is {
				records = append(records, rule)
			}
		}
		if len(records) > 0 {
			kept = append(kept, rules.NewGroup(rules.GroupOptions{
				Name: group.Name(), File: group.File(), Interval: group.Interval(), Rules: records, Opts: options,
			}))
		}
	}
	return kept
}

// When a group is evaluated within a minute, in seconds.
func phase(group *rules.Group) float64 {
	hash := fnv.New32a()
	hash.Write([]byte(group.Name()))
	return float64(hash.Sum32()%60_000) / 1000
}

func isCounts(name string) bool {
	const ending = " counts"
	return len(name) > len(ending) && name[len(name)-len(ending):] == ending
}

// Stores samples in the order in which they arrived; those that the storage refuses are counted.
func store(db *tsdb.DB, arrivals []arrival) (int, error) {
	appender := db.AppenderV2(context.Background())
	refused := 0
	for _, a := range arrivals {
		_, err := appender.Append(0, a.labels, 0, a.t, a.v, nil, nil, storage.AOptions{})
		switch {
		case err == nil:
		case errors.Is(err, storage.ErrOutOfBounds), errors.Is(err, storage.ErrTooOldSample),
			errors.Is(err, storage.ErrOutOfOrderSample), errors.Is(err, storage.ErrDuplicateSampleForTimestamp):
			refused++
		default:
			return refused, errors.Join(err, appender.Rollback())
		}
	}
	return refused, appender.Commit()
}

func instant(engine *promql.Engine, db *tsdb.DB, q query) ([]result, error) {
	ctx := context.Background()
	prepared, err := engine.NewInstantQuery(ctx, db, nil, q.Expr, time.UnixMilli(int64(math.Round(q.At*1000))).UTC())
	if err != nil {
		return nil, err
	}
	defer prepared.Close()
	done := prepared.Exec(ctx)
	if done.Err != nil {
		return nil, done.Err
	}
	vector, err := done.Vector()
	if err != nil {
		return nil, err
	}
	results := make([]result, 0, len(vector))
	for _, sample := range vector {
		results = append(results, result{sample.Metric.Map(), sample.F})
	}
	return results, nil
}
