import DrnCPU
import DrnIR
import DrnPasses
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

@Suite("Executor on training steps")
struct ExecutorTrainingTests {
  @Test("several steps stay with the reference", arguments: TrainingStep.Form.allCases, TrainingStep.Rule.allCases)
  func training(form: TrainingStep.Form, rule: TrainingStep.Rule) throws {
    for widths in [[5, 7, 3], [17, 33, 40, 10]] {
      let network = TrainingStep(form: form, rule: rule, batch: 9, widths: widths, rank: 3)
      let (expanded, optimized) = (try network.module(), try network.optimized())
      let segment = try Segment(module: optimized, functions: ["step", "evaluate"], threads: 2)
      #expect(checkPlan(segment.plan, optimized) == [])
      var arguments = scaled(expanded.sampleArguments("step", seed: 3, classes: 3))
      try segment.write(arguments)
      let (step, evaluation) = (try #require(expanded.function("step")), try #require(expanded.function("evaluate")))
      for _ in 0..<4 {
        try segment.run("step")
        let expected = try evaluate(function: step, module: expanded, arguments: arguments)
        arguments.merge(expected) { $1 }
        // Each step repeats the rounding of the last; 2e-5 of numbers near 1 is some hundred roundings.
        for port in step.results {
          let reference = try #require(expected[port.name])
          expectClose(try segment.read(port.name), reference, tolerance: 2e-5, magnitude: 1, port.name)
        }
      }
      try segment.run("evaluate")
      let expected = try evaluate(function: evaluation, module: expanded, arguments: arguments)
      let logits = try #require(expected["logits"])
      expectClose(try segment.read("logits"), logits, tolerance: 1e-4, magnitude: 1, "logits")
    }
  }

  /// Weights small enough for the network not to saturate.
  private func scaled(_ arguments: Arguments) -> Arguments {
    var result = arguments
    for (name, tensor) in arguments where name.hasPrefix("fc") {
      let factor = name.hasSuffix("/second") ? 1 : 0.5
      result[name] = ReferenceTensor(shape: tensor.shape, values: tensor.values.map { $0 * factor })
    }
    result["rate"] = ReferenceTensor(0.125)
    return result
  }

  @Test("weights and state are updated where they lie: no copies, no second arena")
  func inPlace() throws {
    for form in TrainingStep.Form.allCases {
      let module = try TrainingStep(form: form, batch: 16, widths: [40, 64, 10], rank: 8).optimized()
      let plan = try planSegment(module, functions: ["step", "evaluate"])
      let moves = plan.functions.flatMap(\.moves)
      #expect(moves.isEmpty, "\(form)")
    }
  }

  @Test("training lowers the loss, the same bits on one thread and on two")
  func threadsAgree() throws {
    for form in TrainingStep.Form.allCases {
      let module = try TrainingStep(form: form, rule: .momentum, batch: 32, widths: [100, 300, 10], rank: 20).optimized()
      let arguments = scaled(module.sampleArguments("step", seed: 8, classes: 10)).mapValues { tensor in
        tensor.shape.count == 2 && tensor.shape[0] != 32
          ? ReferenceTensor(shape: tensor.shape, values: tensor.values.map { $0 / 8 }) : tensor
      }
      var losses: [[UInt32]] = []
      for threads in [1, 2] {
        let segment = try Segment(module: module, functions: ["step"], threads: threads)
        try segment.write(arguments)
        try segment.setScalar("rate", 0.02)
        let entry = try segment.entry("step")
        var bits: [Float] = []
        for _ in 0..<20 {
          try entry.run()
          bits += try segment.read("loss")
        }
        #expect((bits.last ?? 9) < (bits.first ?? 0), "\(form): \(bits)")
        losses.append(bits.map(\.bitPattern))
      }
      #expect(losses[0] == losses[1], "\(form)")
    }
  }
}
