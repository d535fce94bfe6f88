"""What every worksheet in Typst begins with: how its parts are laid out. No word of a user's.

Every part has a height that is given, and what does not fit it is made smaller: so a key lies exactly over its sheet.
"""

TEMPLATE = r"""
#set text(size: 10pt, fill: black, lang: "en", hyphenate: false)
#set par(spacing: 0pt, leading: 0.5em)
#set block(spacing: 0pt)
#set smartquote(enabled: false)

#let figure-bytes(name) = bytes(read(name).codepoints().map(str.to-unicode))
#let grey = luma(35%)
#let hair = 0.5pt + luma(45%)

// Content on one line, made smaller until it is no wider nor higher than there is room.
#let fitted(wide, high, body, place: left + horizon) = block(width: wide, height: high, align(place, context {
  let need = measure(body)
  let k = calc.min(1, wide / calc.max(0.1pt, need.width), high / calc.max(0.1pt, need.height))
  if k >= 1 { body } else { scale(k * 100%, reflow: true, body) }
}))

// Room for a number, or the number.
#let slot(wide, body) = box(width: wide, height: 11pt, baseline: 2.5pt, stroke: (bottom: hair),
  place(center + horizon, body))

#let head(wide, high, title, right-hand) = block(width: wide, height: high, {
  place(top + left, fitted(wide * 60%, 20pt, text(size: 15pt, title)))
  place(top + right, fitted(wide * 38%, 20pt, right-hand, place: right + horizon))
  place(top + left, dy: 24pt, line(length: wide, stroke: 0.8pt))
})

#let named = text(fill: grey)[Name #box(width: 130pt, height: 10pt, baseline: 1pt, stroke: (bottom: hair))]

// The table: its columns as shares of the width, its rows of one height, or where a cell has several lines of as many.
#let filled(wide, high, shares, heads, rows) = {
  set math.frac(style: "horizontal") // 1/den: one upon the other would be too small to read
  let all = shares.sum()
  let widths = shares.map(share => wide * share / all)
  let places = (center, left, center, left, center).map(each => each + horizon)
  let cell(k, tall, each) = if type(each) == array {
    stack(dir: ttb, ..each.map(line => fitted(widths.at(k) - 6pt, high, line, place: places.at(k))))
  } else { fitted(widths.at(k) - 6pt, tall - 2pt, each, place: places.at(k)) }
  let line(stroke, cells) = {
    let tall = high * calc.max(1, ..cells.filter(each => type(each) == array).map(array.len))
    block(width: wide, height: tall, stroke: (bottom: stroke),
      stack(dir: ltr, ..cells.enumerate().map(((k, each)) => box(width: widths.at(k), height: tall, inset: (x: 3pt),
        cell(k, tall, each)))))
  }
  line(0.8pt, heads.map(each => text(size: 8.5pt, fill: grey, each)))
  for row in rows { line(0.3pt + luma(60%), row) }
}

#let rules(wide, high, columns, parts) = block(width: wide, grid(columns: (wide / columns,) * columns, rows: high,
  ..parts.map(each => fitted(wide / columns - 10pt, high, each))))

// A part of a figure, which begins at x and y; beside it the wires that are cut go on, each under its value's name.
#let goes-on(name, wide) = {
  let grey = luma(55%)
  place(top + left, dy: -9.5pt, fitted(wide, 9pt, text(size: 7pt, fill: luma(30%), name), place: center + horizon))
  place(top + left, line(length: wide - 1pt, stroke: 0.6pt + grey))
  place(top + left, dx: wide - 3.5pt, polygon(fill: grey, (0pt, -1.7pt), (3.5pt, 0pt), (0pt, 1.7pt)))
}
#let strip(name, wide, high, all-wide, all-high, x, y, side, entering, leaving, hidden) = block(
  width: wide + side * (int(entering.len() > 0) + int(leaving.len() > 0)), height: high, {
  let begin = if entering.len() > 0 { side } else { 0pt }
  place(top + left, dx: begin, block(width: wide, height: high, clip: true, {
    place(top + left, dx: -x, dy: -y,
      image(figure-bytes(name), format: "pdf", width: all-wide, height: all-high, alt: "The graph of the program"))
    for (x, y, wide, high) in hidden { place(top + left, dx: x, dy: y, rect(width: wide, height: high, fill: white)) }
  }))
  for (name, down) in entering { place(top + left, dy: down, goes-on(name, side)) }
  for (name, down) in leaving { place(top + left, dx: begin + wide, dy: down, goes-on(name, side)) }
})
"""
