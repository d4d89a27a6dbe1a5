import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Reads `weights_from:`.
struct WeightsFromReader: Checking {
  let tools: Tools
  let context: TrainContext

  func read(_ entries: Settings) -> WeightsFrom? {
    guard let given = reader.given(TrainingSettings.Table.weightsFrom, entries) else { return nil }
    let folder = sources.folder(of: given.span.file)
    if case .text(let path) = given.value { return WeightsFrom(path: path, folder: folder, names: [], excepted: [], span: given.span) }
    guard case .call(let call) = given.value, call.name == WeightsFrom.spec.name else {
      report(
        .optionKind,
        "`weights_from` takes a path in quotes or `file(\"path\", map: [...], except: ...)`, but `\(given.value.text)` is \(given.value.kindDescription)",
        at: given.span, label: given.value.kindDescription)
      return nil
    }
    func argument(_ name: String) -> LocatedOption? { call.arguments.first { $0.name == name }?.value }
    let rest = call.arguments.filter { !["map", "except"].contains($0.name) }
    let plain = OptionCall(name: call.name, nameSpan: call.nameSpan, arguments: rest, span: call.span)
    guard let options = resolver.resolve(plain, against: WeightsFrom.spec), let path = options.text("path") else { return nil }
    let excepted = argument("except").map { readExcepted($0) } ?? []
    let names = argument("map").map { readNameMap($0, excepted) } ?? []
    return WeightsFrom(path: path, folder: folder, names: names, excepted: excepted, span: given.span)
  }

  private func readExcepted(_ value: LocatedOption) -> Set<String> {
    guard let names = context.selectors(tools).readParameters(value, "except") else { return [] }
    if let network = context.network, network.nodes.indices.allSatisfy({ names.isSuperset(of: network.parameterNames(of: $0)) }) {
      report(
        .unreadEntry, "`except` leaves nothing to take from the file", at: value.span, label: "every parameter of the network",
        help: "take `weights_from` out to draw every weight")
    }
    return names
  }

  private func readNameMap(_ map: LocatedOption, _ excepted: Set<String>) -> [WeightsFrom.NamePair] {
    guard case .list(let items) = map.value else {
      report(
        .optionKind, "`map` takes a list of pairs `[\"name here\", \"name in the file\"]`", at: map.span, label: map.value.kindDescription)
      return []
    }
    let known = context.network.map { network in network.nodes.indices.flatMap { network.parameterNames(of: $0) } }
    let names = known.map(Set.init)
    var first: [String: Span] = [:]
    return items.compactMap { item in
      guard case .list(let pair) = item.value, pair.count == 2, case .text(let here) = pair[0].value, case .text(let there) = pair[1].value
      else {
        report(
          .optionKind, "a pair of names is needed here: `[\"name here\", \"name in the file\"]`", at: item.span,
          label: "not a pair of texts")
        return nil
      }
      if let known, let names, !names.contains(here) {
        let message = "the network has no parameter \(quoted(here))"
        reportUnknown(.unmatchedSelector, message, quoted(here), at: pair[0].span, among: known.map(quoted))
      }
      if excepted.contains(here) {
        report(
          .unreadEntry, "`map` names \(quoted(here)), which `except` leaves out", at: pair[0].span, label: "not taken from the file")
      }
      if let earlier = first.updateValue(pair[0].span, forKey: here) {
        report(
          .duplicateEntry, "`map` names \(quoted(here)) twice", at: pair[0].span, label: "named again",
          secondary: [Label(earlier, "first here")])
      }
      return WeightsFrom.NamePair(here: here, there: there)
    }
  }
}
