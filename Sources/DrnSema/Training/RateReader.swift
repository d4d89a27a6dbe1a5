import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource

/// The learning rate of a program, and what holds its schedule against it.
struct ReadRates {
  let timeline: RateTimeline
  /// The moments at which the rate jumps or another one begins, in order of time.
  let jumps: [Moment]
  let linter: ScheduleLinter
}

/// Reads the learning rate: one schedule, or a timeline of several.
struct RateReader: Checking {
  let tools: Tools
  let context: TrainContext
  let watch: WatchChecker

  /// `nil` where there is none or one has an error, which was reported.
  func read(_ entries: [TimedValue<LocatedOption>]) -> ReadRates? {
    let linter = ScheduleLinter(tools: tools, context: context, rates: entries)
    let read = entries.indices.map { place -> (any Rate)? in
      let value = entries[place].value
      checkMoments(value.value)
      guard let rate = readRate(value) else { return nil }
      resolver.lintPointless(rate.pointless, in: value, of: type(of: rate).spec)
      linter.lintWarmup(rate, place)
      watch.check(rate, value)
      checkSpan(rate, place, linter)
      return rate
    }
    let rates = read.compactMap { $0 }
    guard !rates.isEmpty, rates.count == entries.count else { return nil }
    let spans = zip(entries, rates).map { RateTimeline.Span(start: $0.start, rate: $1) }
    let jumps = spans.enumerated().flatMap { ($0.offset > 0 ? [$0.element.start] : []) + $0.element.rate.jumps }
    return ReadRates(timeline: RateTimeline(spans), jumps: jumps, linter: linter)
  }

  private func readRate(_ value: LocatedOption) -> (any Rate)? {
    if value.value.number != nil, let constant = vocabulary.rates["constant"] {
      let argument = OptionCall.Argument(name: nil, nameSpan: nil, value: value)
      let call = OptionCall(name: "constant", nameSpan: value.span, arguments: [argument], span: value.span)
      return resolver.resolve(call, against: constant.spec).map { constant.init(options: $0) }
    }
    guard let (type, options) = resolver.resolveMethod(value, among: vocabulary.rates, spec: { $0.spec }, what: "learning rate") else {
      return nil
    }
    return type.init(options: options)
  }

  /// Reports moments of a learning rate that lie after the end of training.
  private func checkMoments(_ value: OptionValue) {
    guard tools.options.shorten == nil, case .call(let call) = value else { return }
    let times = TimelineReader(tools: tools, time: context.time)
    for argument in call.arguments {
      let items: [LocatedOption]
      if case .list(let listed) = argument.value.value { items = listed } else { items = [argument.value] }
      for item in items { if case .moment(let moment) = item.value { _ = times.isWithin(moment, item.span) } }
    }
  }

  /// Reports jumps of a rate of a timeline while another one holds.
  private func checkSpan(_ rate: any Rate, _ place: Int, _ linter: ScheduleLinter) {
    guard tools.options.shorten == nil else { return }
    let (entry, time) = (linter.rates[place], context.time)
    let next = place + 1 < linter.rates.count ? linter.rates[place + 1] : nil
    for jump in rate.jumps {
      let isEarly = place > 0 && (time.order(jump, entry.start) ?? 1) <= 0
      let isLate = next.map { (time.order(jump, $0.start) ?? -1) >= 0 } ?? false
      guard isEarly || isLate else { continue }
      let held = "holds from \(entry.start.text) to \(next?.start.text ?? "the end")"
      report(
        .scheduleOrder, "\(jump.text) is not within the time of this rate, which \(held)", at: linter.place(of: jump, in: entry.value),
        label: "another rate holds then", secondary: [Label(entry.span, held)])
    }
  }
}
