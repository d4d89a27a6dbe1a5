import DrnIR

extension SegmentPlan {
  /// The plan for people: totals, the slots, then each function's values in order of definition.
  public func text(of module: Module) -> String {
    var lines = ["arena \(totalBytes) bytes, aligned to \(Self.alignment)"]
    for role in Role.allCases where persistentBytes(role) > 0 { lines.append("  \(role.rawValue) \(persistentBytes(role))") }
    lines.append("  inputs \(inputBytes), outputs \(outputBytes), temporaries \(temporaryBytes) (work space at most \(scratchBytes))")
    lines.append("slots")
    for slot in slots { lines.append("  " + describe(slot)) }
    for plan in functions {
      guard let function = module.function(plan.name) else { continue }
      lines.append("@\(plan.name)")
      lines += describe(plan, function).map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func describe(_ slot: Slot) -> String {
    "\(span(slot.offset, slot.layout.bytes)) \(slot.kind.rawValue) \(slot.name) \(slot.role.rawValue) \(shape(slot.type, slot.layout))"
  }

  private func describe(_ plan: FunctionPlan, _ function: Function) -> [String] {
    var lines: [String] = []
    for (time, operation) in function.operations.enumerated() {
      for result in operation.results {
        guard let placement = plan.placements[Int(result.index)] else { continue }
        let where_ = placement.slot.map { " in \(slots[$0].name)" } ?? ""
        let life = "\(placement.lifetime.lowerBound)...\(placement.lifetime.upperBound)"
        lines.append(
          "\(span(placement.offset, placement.layout.bytes)) \(valueName(result, function)) \(operation.opcode.mnemonic) "
            + "\(shape(function.type(of: result), placement.layout)) lives \(life)\(where_)")
      }
      if plan.scratch[time].bytes > 0 {
        lines.append("\(span(plan.scratch[time].offset, plan.scratch[time].bytes)) work space of operation \(time)")
      }
    }
    return lines + plan.moves.map { "\(span($0.destination, $0.bytes)) copied from \($0.source)" }
  }
}

private func span(_ offset: Int, _ bytes: Int) -> String { "\(offset)..<\(offset + bytes)" }

private func shape(_ type: TensorType, _ layout: Layout) -> String {
  layout.isTight ? describe(type) : "\(describe(type)) pitch \(layout.pitch)"
}

private func valueName(_ value: Value, _ function: Function) -> String {
  "%\(value.index)" + (function.values[Int(value.index)].name.map { " \($0)" } ?? "")
}
