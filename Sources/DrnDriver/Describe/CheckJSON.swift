import DrnAnalysis
import DrnJSON
import DrnMethods
import DrnProgram
import DrnSema

/// The tables of `drnc check` as values: what `--selectors`, `--schedule` and `--cost` print, by the same numbers.
enum CheckJSON {
  /// One training of a file, with what was asked for.
  static func training(_ program: CheckedProgram, _ request: CheckRequest, _ report: CostReport?) -> JSON {
    .make([
      "network": .string(program.network.name), "data": .string(program.data.name),
      "layers": request.selectors ? .array(layers(program)) : nil, "schedule": request.schedule ? schedule(program) : nil,
      "cost": report.map { cost($0, program) },
    ])
  }

  /// What each selector of a file matches.
  static func selectors(_ result: CheckResult) -> JSON {
    .array(result.selectors.map { ["selector": .string($0.selector), "layers": .array($0.layers.map(JSON.string))] })
  }

  private static func layers(_ program: CheckedProgram) -> [JSON] {
    let weights = Dictionary(grouping: program.weights, by: \.node)
    return program.network.nodes.enumerated().map { index, node in
      let matrices = (weights[index] ?? []).map { weight -> JSON in
        ["tensor": .string(weight.tensor), "inputs": .integer(weight.shape.inputs), "outputs": .integer(weight.shape.outputs)]
      }
      return [
        "path": .string(node.path), "layer": .string(type(of: node.layer).spec.name), "shape": .array(node.shape.map(JSON.integer)),
        "weights": .array(matrices),
      ]
    }
  }

  // MARK: Schedule

  private static func schedule(_ program: CheckedProgram) -> JSON {
    let events = program.events.map { event -> JSON in
      [
        "when": .string(triggerText(event.trigger)), "event": .string(eventText(event)),
        "weights": .array(event.weights.map { .string(program.weights[$0].name) }),
      ]
    }
    return .make([
      "steps_per_epoch": program.stepsPerEpoch.map(JSON.integer), "phases": .array(program.phases.map { phase($0, program) }),
      "events": .array(events), "stop": program.training.stop.map { .string($0.callText) },
    ])
  }

  private static func phase(_ phase: Phase, _ program: CheckedProgram) -> JSON {
    let forms = zip(program.weights, phase.forms).map { weight, index -> JSON in
      let span = weight.spans[index]
      return .make([
        "weight": .string(weight.name), "form": .string(span.text), "rank": span.form.reportsRank ? span.rank.map(JSON.integer) : nil,
      ])
    }
    let (start, end) = (step(phase.start, program), step(phase.end, program))
    let hasSteps = !phase.isAtEnd
    return .make([
      "phase": .integer(phase.index), "from": moment(phase.start, program), "to": moment(phase.end, program),
      "at_end": phase.isAtEnd ? true : nil,
      "first_rate": hasSteps ? rate(start, program) : nil, "last_rate": hasSteps ? rate(end.map { $0 - 1 }, program) : nil,
      "forms": .array(forms), "trained": .array(hasSteps ? phase.trainable.sorted().map(JSON.string) : []),
    ])
  }

  private static func step(_ moment: Moment, _ program: CheckedProgram) -> Int? { moment.step(stepsPerEpoch: program.stepsPerEpoch) }

  private static func moment(_ moment: Moment, _ program: CheckedProgram) -> JSON {
    .make([moment.unit.rawValue: .integer(moment.value)]).merging(step(moment, program).map { ("step", .integer($0)) })
  }

  /// The learning rate of a step as the schedule has it; `nil` while the steps of an epoch are unknown.
  private static func rate(_ step: Int?, _ program: CheckedProgram) -> JSON? {
    let length = Moment(program.training.length.unit, program.training.length.value)
    guard let step, step >= 0, let stepsPerEpoch = program.stepsPerEpoch, let total = length.step(stepsPerEpoch: stepsPerEpoch) else {
      return nil
    }
    return .number(program.training.rate.value(at: step, stepsPerEpoch: stepsPerEpoch, totalSteps: total))
  }

  // MARK: Cost

  private static func cost(_ report: CostReport, _ program: CheckedProgram) -> JSON {
    let phases = report.phases.enumerated().map { index, cost -> JSON in
      .fields(
        [("phase", .integer(index)), ("share", .number(report.shares[index]))]
          + (report.steps.map { [("steps", .integer($0[index]))] } ?? []) + quantities(cost, of: report))
    }
    let averages = counted(report).map { quantity in
      (quantity.rawValue, JSON.number(report.value(quantity, .average) / max(1, report.denseValue(quantity, .average))))
    }
    return .make([
      "dense": .fields(quantities(report.dense, of: report)), "phases": .array(phases), "average_of_dense": .fields(averages),
      "nominal_training_operations_of_dense": .number(report.nominalTrainingRatio),
      "predicted_seconds": report.predictedSeconds.map(JSON.number), "is_bound": program.training.stop == nil ? nil : true,
    ])
  }

  /// What is added over devices is counted where there are several.
  private static func counted(_ report: CostReport) -> [Requirement.Quantity] {
    Requirement.Quantity.allCases.filter { $0 != .traffic || report.devices != nil }
  }

  private static func quantities(_ cost: PhaseCost, of report: CostReport) -> [(String, JSON)] {
    counted(report).map { ($0.rawValue, .integer(cost.count(of: $0))) } + [
      ("nominal_forward_operations", .integer(cost.nominal.forward)), ("nominal_training_operations", .integer(cost.nominal.training)),
      ("step_milliseconds", .number(cost.predictedStepTime)),
    ] + (report.dividesState ? [("device_state_bytes", .integer(cost.deviceStateBytes))] : [])
  }
}

extension JSON {
  /// With one member more, where there is one and none of its name.
  fileprivate func merging(_ member: (String, JSON)?) -> JSON {
    guard case .object(let members) = self, let member, self[member.0] == nil else { return self }
    return .object(members + [Member(member.0, member.1)])
  }
}
