/// Writes the page of one run or of several laid over each other: one text with everything in it.
public struct Report: Sendable {
  private let runs: [ReportedRun]
  private let version: String

  /// The runs in the order in which they are shown; `version` is that of drnc.
  public init(_ runs: [ReportedRun], version: String) {
    self.runs = runs
    self.version = version
  }

  private var records: [RunRecord] { runs.map(\.run) }

  /// The page as HTML 5.
  public var html: String { page(script: "") }

  /// The page for a server that gives it anew: it asks every few seconds, and keeps what it has when there is no answer.
  public var live: String { page(script: Self.renewal) }

  /// What such a server gives before there is anything to show.
  public static let waiting =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>waiting - drnc</title><style>\(PageStyle.text)</style></head>"
    + "<body><p>No epoch has ended yet.</p>\(renewal)</body></html>\n"

  /// Opened tables stay open.
  private static let renewal = """
    <script>
    setInterval(async () => {
      try {
        const answer = await fetch(location.href);
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const open = [...document.querySelectorAll("details")].map(one => one.open);
        document.title = page.title;
        document.body.replaceWith(page.body);
        document.querySelectorAll("details").forEach((one, place) => { one.open = open[place] || false; });
      } catch {}
    }, 3000);
    </script>

    """

  private func page(script: String) -> String {
    let title = runs.count == 1 ? records[0].name : "\(runs.count) runs"
    var body = "<header><h1>\(Markup.escaped(title))</h1>\(subtitle)</header>\n<main>\n"
    let labels = Labels.short(records.map(\.name))
    let named = Array(zip(labels, records))
    let prefixes = runs.count > 1 ? labels.map { $0 + ": " } : [""]
    body += OverviewSection(records).html
    body += section("Learning", LearningSection(named).figures)
    body += section("Ranks", zip(prefixes, records).flatMap { RankSection($1, prefix: $0).figures })
    let changes = zip(prefixes, records).map { TransitionSection($1, prefix: $0) }
    body += section("Changes of form", changes.flatMap(\.figures), changes.map(\.tables).joined())
    body += section("Cost", CostSection(named).figures)
    body += section("Classes", zip(prefixes, records).flatMap { ClassSection($1, prefix: $0).figures })
    if runs.count > 1 { body += section("Differences between the programs", [], DifferenceSection(named).html) }
    for run in runs { body += ProgramSection(run, isNamed: runs.count > 1).html }
    body +=
      "</main>\n<footer><p class=\"note\">Written by drnc \(Markup.escaped(version)). Nothing on this page comes from the network.</p></footer>\n"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(Markup.escaped(title)) - drnc</title>
      <style>
      \(PageStyle.text)</style>
      </head>
      <body>
      \(body)\(script)</body>
      </html>

      """
  }

  private var subtitle: String {
    let networks = Set(records.map { $0.configuration.network }).filter { !$0.isEmpty }.sorted()
    let data = Set(records.map { $0.configuration.data }).filter { !$0.isEmpty }.sorted()
    guard !networks.isEmpty else { return "" }
    let text = "network \(networks.joined(separator: ", "))" + (data.isEmpty ? "" : " on \(data.joined(separator: ", "))")
    return "<p class=\"note\">\(Markup.escaped(text))</p>"
  }

  private func section(_ title: String, _ figures: [Figure], _ html: String = "") -> String {
    guard !figures.isEmpty || !html.isEmpty else { return "" }
    return "<section><h2>\(Markup.escaped(title))</h2>"
      + (figures.isEmpty ? "" : "<div class=\"charts\">\n\(figures.map(\.html).joined())</div>") + html + "</section>\n"
  }
}
