/// The style of the page. Colours are those of Okabe and Ito, which people with any kind of colour blindness tell apart; in the dark the lighter
/// ones come first.
enum PageStyle {
  static let text =
    """
    :root{--ground:#fff;--card:#fafafa;--ink:#1b1b1b;--quiet:#595959;--rule:#dcdcdc;--c1:#0072b2;--c2:#d55e00;--c3:#009e73;--c4:#cc79a7;--c5:#e69f00;--c6:#56b4e9;--band:#dbe9f4;--odd:#f6e3d3;--none:#ececec;--word:#6a3d9a;--text:#8a5a00;--warn:#a04000;--bad:#b00020;\(shades(from: (0xEE, 0xF5, 0xFB), over: (0x56, 0xA0, 0xD0), to: (0x08, 0x2A, 0x54)))}
    @media (prefers-color-scheme:dark){:root{--ground:#15171a;--card:#1d2024;--ink:#e8e8e8;--quiet:#a9adb3;--rule:#383c42;--c1:#56b4e9;--c2:#e69f00;--c3:#2fc79a;--c4:#e3a3c6;--c5:#f0e442;--c6:#e8743b;--band:#23384a;--odd:#4a3626;--none:#2a2d31;--word:#c9a6f5;--text:#e6c07b;--warn:#ffb86b;--bad:#ff8a9a;\(shades(from: (0x1B, 0x2A, 0x38), over: (0x2E, 0x78, 0xA8), to: (0xD6, 0xEE, 0xFF)))}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1560px;padding:16px;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
    h1{font-size:1.5rem;margin:.2em 0;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:1.6em 0 .6em;border-bottom:1px solid var(--rule);padding-bottom:.25em;overflow-wrap:anywhere}h3{font-size:.95rem;margin:0 0 .4em;font-weight:600;overflow-wrap:anywhere}
    .note{color:var(--quiet);font-size:.85rem;margin:.4em 0}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,430px),1fr));gap:14px;align-items:start}
    figure{margin:0;padding:12px;background:var(--card);border:1px solid var(--rule);border-radius:6px;min-width:0}
    svg{display:block;width:100%;height:auto;max-width:660px}
    svg text{font-size:12px;fill:var(--ink)}svg .quiet{fill:var(--quiet)}svg .small{font-size:11px}
    svg .end{text-anchor:end}svg .mid{text-anchor:middle}
    svg .white{fill:var(--ground)}
    .grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--quiet);stroke-width:1}
    .mark{stroke:var(--quiet);stroke-width:1;stroke-dasharray:2 3;fill:none}
    .line{fill:none;stroke-width:2;stroke-linejoin:round}.dash{stroke-dasharray:5 3}.dots{stroke-width:6;stroke-linecap:round;fill:none;stroke-opacity:.75}
    .ring{fill:var(--card);stroke:var(--ink);stroke-width:2}
    .band{fill:var(--band)}.odd{fill:var(--odd)}
    \((1...6).map { ".s\($0){stroke:var(--c\($0))}.f\($0){fill:var(--c\($0))}" }.joined())
    .h0{fill:var(--none)}\((1...12).map { ".h\($0){fill:var(--h\($0))}" }.joined())
    details{margin-top:.5em}summary{cursor:pointer;color:var(--quiet);font-size:.85rem}
    .scroll{overflow-x:auto;max-width:100%}
    details .scroll{max-height:340px;overflow:auto}
    table{border-collapse:collapse;font-size:.82rem;font-variant-numeric:tabular-nums}
    th,td{padding:3px 10px 3px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
    thead th{position:sticky;top:0;background:var(--card);color:var(--quiet);font-weight:600}
    dl.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,150px),1fr));gap:10px;margin:12px 0}
    dl.tiles div{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:8px 10px}
    dt{color:var(--quiet);font-size:.8rem}dd{margin:0;font-size:1.15rem;font-weight:600;overflow-wrap:anywhere}dd small{display:block;font-size:.75rem;font-weight:400;color:var(--quiet)}
    pre{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:10px;overflow-x:auto;font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace;margin:0}
    pre .n{color:var(--quiet);user-select:none}pre .k{color:var(--c1);font-weight:600}pre .v{color:var(--c2)}pre .t{color:var(--text)}pre .c{color:var(--quiet);font-style:italic}pre .p{color:var(--word)}pre .b{color:var(--bad);text-decoration:underline wavy}
    .diagnostic{border-left:3px solid var(--warn);padding:2px 8px;margin:2px 0;white-space:normal;font-family:system-ui,sans-serif}.diagnostic.error{border-color:var(--bad)}
    .diagnostic b{color:var(--warn)}.diagnostic.error b{color:var(--bad)}
    mark{background:var(--odd);color:inherit;padding:0 2px}
    @media (max-width:480px){body{padding:8px;font-size:14px}figure{padding:8px}svg text{font-size:13.5px}svg .small{font-size:12px}}
    @media print{:root{--ground:#fff;--card:#fff;--ink:#000}body{max-width:none}figure,tr{break-inside:avoid}h2,h3{break-after:avoid}details:not([open]){display:none}.charts{grid-template-columns:1fr 1fr}pre{white-space:pre-wrap}}

    """

  /// Twelve shades from the least to the greatest value, by way of a middle one.
  private static func shades(from low: (Int, Int, Int), over middle: (Int, Int, Int), to high: (Int, Int, Int)) -> String {
    (0..<12).map { index in
      let share = Double(index) / 11 * 2
      let (first, second, part) = share < 1 ? (low, middle, share) : (middle, high, share - 1)
      func mixed(_ a: Int, _ b: Int) -> Int { Int((Double(a) + (Double(b) - Double(a)) * part).rounded()) }
      return "--h\(index + 1):rgb(\(mixed(first.0, second.0)) \(mixed(first.1, second.1)) \(mixed(first.2, second.2)))"
    }.joined(separator: ";")
  }
}
