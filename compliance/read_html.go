package compliance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/saidi-exporter/saidi/wording"
)

// stampMeta is the name of the meta element that holds the [Stamp].
const stampMeta = "saidi-asked"

// exactly is the attribute that holds all digits of a number.
const exactly = "data-n"

// readHTML reads an HTML: the cells of tables by their rows and columns, with the
// exact value of numbers and what a reader sees; all other texts; and what decides
// how they look, which is every attribute and style, drawings too.
func readHTML(data []byte) (*Paper, error) {
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the HTML: %w", err)
	}
	p := &Paper{Form: "html"}
	text, ok := stampOfHTML(root)
	if !ok {
		return nil, ErrNoReport
	}
	if err := json.Unmarshal([]byte(text), &p.Stamp); err != nil {
		return nil, fmt.Errorf("read what the report says of itself: %w", err)
	}
	if p.Stamp.Policy.SHA256 == "" {
		return nil, ErrNoReport
	}
	r := &htmlReader{language: p.Stamp.Language, names: places{}, tables: places{}, counts: map[string]int{}}
	r.children(root, "page")
	p.Items, p.Lengths = r.items, r.lengths
	return p, nil
}

// stampOfHTML finds the meta element of the stamp.
func stampOfHTML(root *html.Node) (text string, ok bool) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "meta" && attribute(n, "name") == stampMeta {
			return attribute(n, "content"), true
		}
	}
	return "", false
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// An htmlReader walks over a page.
type htmlReader struct {
	language wording.Language
	names    places
	counts   map[string]int // of elements, by where they are and what they are
	items    []Item
	lengths  []Length
	tables   places // names of tables
}

func (r *htmlReader) add(i Item) {
	i.Place = r.names.once(i.Place)
	r.items = append(r.items, i)
}

// children reads what is in an element. Where it stands is the id of the element
// around it, and tells places apart.
func (r *htmlReader) children(n *html.Node, where string) {
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			r.text(c, where)
		case c.Type == html.ElementNode && c.Data == "table":
			r.looks(c, where)
			r.table(c)
		case c.Type == html.ElementNode:
			r.element(c, where)
		}
	}
}

// element reads an element that is no table.
func (r *htmlReader) element(n *html.Node, where string) {
	if id := attribute(n, "id"); id != "" {
		where = strings.TrimPrefix(id, sectionMark)
	}
	r.looks(n, where)
	if hasAttribute(n, exactly) {
		r.add(numberItem(n, r.nth(n, where)))
		return
	}
	r.children(n, where)
}

// text reads a text outside of tables. That of a style or script is a look.
func (r *htmlReader) text(n *html.Node, where string) {
	text := squeezed(n.Data)
	if text == "" {
		return
	}
	sort := AText
	switch n.Parent.Data {
	case "style":
		sort = AStyle
	case "script":
		sort = ALook
	}
	r.add(Item{Place: r.nth(n.Parent, where), Value: text, Sort: sort})
}

// nth names a place after the element that it is in: paragraph 3 of the summary is
// "summary, p 3".
func (r *htmlReader) nth(n *html.Node, where string) string {
	key := where + ", " + n.Data
	r.counts[key]++
	return key + " " + strconv.Itoa(r.counts[key])
}

// looks keeps an element with its attributes, those apart that hold a number.
func (r *htmlReader) looks(n *html.Node, where string) {
	place, all := where+", <"+n.Data+">", attributes(n)
	if secures(n) {
		r.add(Item{Place: place + " but for its style", Value: styleDigest.ReplaceAllString(all, ""), Sort: ALook})
	}
	r.add(Item{Place: place, Value: all, Sort: sortOfElement(n)})
}

// styleDigest matches the digest of the style that a page allows, which follows
// from the style.
var styleDigest = regexp.MustCompile(`'sha256-[A-Za-z0-9+/=]*'`)

func attributes(n *html.Node) string {
	var parts []string
	for _, a := range n.Attr {
		if a.Key != exactly {
			parts = append(parts, a.Key+"="+strconv.Quote(a.Val))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// sortOfElement tells elements that only group and style what is in them from those
// that draw, hide or do something.
func sortOfElement(n *html.Node) Sort {
	if secures(n) || n.Data == "meta" && attribute(n, "name") == stampMeta { // what the stamp says is asked again
		return AStyle
	}
	strange := func(a html.Attribute) bool { return !slices.Contains(plainAttributes(), a.Key) }
	if n.Namespace != "" || !slices.Contains(plainElements(), n.Data) || slices.ContainsFunc(n.Attr, strange) {
		return ALook
	}
	return AStyle
}

// secures says whether an element is the policy of what a page may load.
func secures(n *html.Node) bool {
	return n.Data == "meta" && strings.EqualFold(attribute(n, "http-equiv"), "content-security-policy")
}

// plainElements do nothing but group what is in them.
func plainElements() []string {
	return []string{
		"html", "head", "body", "title", "style", "header", "main", "footer", "section", "article", "nav", "div", "p", "span", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd",
		"figure", "figcaption", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "b", "strong", "em", "small", "bdi",
	}
}

// plainAttributes hide nothing of themselves.
func plainAttributes() []string {
	return []string{exactly, "id", "class", "scope", "role", "tabindex", "aria-labelledby"}
}

// table reads a table: its caption, and its cells by row and column.
func (r *htmlReader) table(t *html.Node) {
	name := attribute(t, "id")
	var heads []string
	row := 0
	for n := range t.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !inRow(n) {
			r.looks(n, name)
		}
		switch n.Data {
		case "tr":
			if n.Parent.Data == "thead" {
				heads = cellTexts(n)
			} else {
				row++
			}
			r.row(n, name, row, heads)
		case "caption":
			r.add(Item{Place: name + ", caption", Value: squeezed(textOf(n)), Sort: AText})
		}
	}
	name = r.tables.once(name)
	r.lengths = append(r.lengths, Length{name, r.language.Say("verify.table", name), row})
}

// inRow says whether an element is in a row of a table.
func inRow(n *html.Node) bool {
	for up := n.Parent; up != nil && up.Data != "table"; up = up.Parent {
		if up.Data == "tr" {
			return true
		}
	}
	return false
}

// row reads the cells of a row; those of the header are in row 0.
func (r *htmlReader) row(tr *html.Node, table string, row int, heads []string) {
	column := 0
	for n := range tr.ChildNodes() {
		if n.Type != html.ElementNode {
			continue
		}
		column++
		head := ""
		if column <= len(heads) {
			head = heads[column-1]
		}
		place := r.language.Say("verify.cell", table, row, column, head)
		r.looks(n, place)
		for inner := range n.Descendants() {
			if inner.Type == html.ElementNode {
				r.looks(inner, place)
			}
		}
		item := numberItem(n, place)
		item.Table = table
		r.add(item)
	}
}

// numberItem is the item of an element that may hold a number.
func numberItem(n *html.Node, place string) Item {
	text := squeezed(textOf(n))
	if exact := numbers(n); len(exact) > 0 {
		return Item{Place: place, Sort: ANumber, Value: strings.Join(exact, " "), Shown: text}
	}
	return Item{Place: place, Sort: AText, Value: text}
}

// numbers lists the exact values of an element and of those in it.
func numbers(n *html.Node) []string {
	var list []string
	if hasAttribute(n, exactly) {
		list = append(list, attribute(n, exactly))
	}
	for c := range n.Descendants() {
		if hasAttribute(c, exactly) {
			list = append(list, attribute(c, exactly))
		}
	}
	return list
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func cellTexts(tr *html.Node) []string {
	var texts []string
	for n := range tr.ChildNodes() {
		if n.Type == html.ElementNode {
			texts = append(texts, squeezed(textOf(n)))
		}
	}
	return texts
}

// textOf is all text in an element.
func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// squeezed is a text as a page shows its spaces.
func squeezed(text string) string { return strings.Join(strings.Fields(text), " ") }
