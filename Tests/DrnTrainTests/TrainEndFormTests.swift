import DrnAnalysis
import DrnCompiler
import DrnData
import DrnDiagnostics
import DrnKernels
import DrnMethods
import DrnProgram
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Forms that begin at the end") struct TrainEndFormTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func source(_ form: String, _ settings: String = "", network: String? = nil) -> String {
    let train = "length: 4 epochs  \(plainSettings)  \(settings)  weights fc1 { from epoch 0: dense  from end: \(form) }"
    return network.map { trainSource(train, network: $0) } ?? trainSource(train)
  }

  private func tensors(_ run: String, _ file: String = "weights") throws -> [String: [Float]] {
    let tensors = try TensorFile.read(path: folder("\(run)/\(file).safetensors")).tensors
    return Dictionary(uniqueKeysWithValues: try tensors.map { ($0.name, try $0.floats()) })
  }

  @Test("the best epoch is restored, takes the form of the end, and is then validated, tested and saved; training is that without it")
  func order() throws {
    let text = source("sparse(density: 25%) by svd(error: 100%)")
    let (session, summary) = try train(text, output: folder("a"))
    #expect(session.recorder.records.map(\.kind) == ["epoch", "epoch", "epoch", "epoch", "restore", "transition"])
    let plain = text.replacing("from end: sparse(density: 25%) by svd(error: 100%)", with: "")
    let (other, dense) = try train(plain, output: folder("b"))
    #expect(session.recorder.records("epoch").map(\.json) == other.recorder.records("epoch").map(\.json))
    #expect(summary.saved.step == dense.saved.step && summary.saved.bestEpoch == dense.saved.bestEpoch)
    #expect(summary.saved.text == dense.saved.text + "; then in the forms of the end")

    // The 12 of 48 entries of largest magnitude of the best epoch, each as it was.
    let stored = try #require(try tensors("b")["fc1.weight"])
    let whole = (0..<48).map { stored[$0 % 8 * 6 + $0 / 8] }
    let (saved, deployed) = (try tensors("a"), try #require(try tensors("a", "deployed")["fc1.weight"]))
    let (w, mask) = (try #require(saved["fc1.weight.w"]), try #require(saved["fc1.weight.mask"]))
    let bound = try #require(whole.map(abs).sorted(by: >).dropFirst(11).first)
    let largest: [Float] = whole.map { abs($0) >= bound ? 1 : 0 }
    let kept: [Float] = zip(whole, mask).map { $0 * $1 }
    #expect(mask == largest && mask.reduce(0, +) == 12)
    #expect(w == kept)
    let merged: [Float] = (0..<48).map { deployed[$0 % 8 * 6 + $0 / 8] }
    #expect(merged == w)
    let error = try #require(session.recorder.records("transition").first?.number("truncation_error"))
    func norm(_ values: [Float]) -> Double { values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
    let lost = norm(zip(whole, w).map { $0 - $1 }) / norm(whole)
    #expect(abs(error - lost) < 1e-6)

    // What is reported is of what is saved.
    #expect(summary.validation?.loss != dense.validation?.loss && summary.test?.loss != dense.test?.loss)
    let start = plain.replacing("from epoch 0: dense", with: "from epoch 0: sparse(25%)").replacing(
      "seed: 5", with: "seed: 5  weights_from: \"\(folder("a/weights.safetensors"))\"")
    let again = try TrainSession(start, output: folder("c")).trainer
    let test = try #require(again.data.test)
    #expect(try again.validate()?.loss == summary.validation?.loss)
    #expect(try again.segment.evaluate(Array(0..<test.count), of: test, preparation: nil).loss == summary.test?.loss)
  }

  @Test("events at the end act on the form of the end, and are the last")
  func events() throws {
    let text = source("factored(rank: 5) by svd(error: 100%)").replacing(
      "weights fc1 {", with: "at end: trim(below: 0.9, state: reset)  weights fc1 {")
    let (session, summary) = try train(text, output: folder("a"))
    #expect(session.recorder.records.suffix(3).map(\.kind) == ["restore", "transition", "rank_event"])
    let event = try #require(session.recorder.records("rank_event").first)
    #expect(event.integer("from_rank") == 5)
    let rank = try #require(event.integer("to_rank"))
    #expect(rank < 5 && summary.finalTrainable == rank * 14 + 8 + 36)
    #expect(summary.saved.changes == [.forms, .events])
  }

  @Test("a rank may be decided by the singular values at the end, and a core is deployed as two factors")
  func measuredRank() throws {
    let (session, summary) = try train(source("core(rank: energy(60%)) by svd(error: 100%)", "allow: [deployed_form]"), output: folder("a"))
    let rank = try #require(session.recorder.records("transition").first?.integer("to_rank"))
    #expect((1..<6).contains(rank) && summary.deployedParameters == rank * 14 + 8 + 36)
  }

  @Test("running statistics are computed anew on the way into the form of the end")
  func recalibration() throws {
    func trained(_ option: String, _ run: String) throws -> (session: TrainSession, summary: RunSummary) {
      let network = "return x |> fc1: linear(8) |> norm: batch_norm(momentum: 0.01) |> relu |> head: linear(4)"
      return try train(source("factored(rank: 1) by svd(error: 100%\(option))", network: network), output: folder(run))
    }
    let (plain, _) = try trained("", "a")
    let (recalibrated, _) = try trained(", recalibrate(batch_norm, batches: 200)", "b")
    func after(_ session: TrainSession) -> Double? { session.recorder.records("transition").first?.number("validation_loss_after") }
    #expect(try #require(after(recalibrated)) < (try #require(after(plain))))
    #expect(try tensors("a")["fc1.weight.u"] == tensors("b")["fc1.weight.u"])
  }

  @Test("a truncation past its bound ends the run; the weights before it are left, and it goes on with another bound")
  func errorBound() throws {
    func run(_ bound: String, resumes: Bool) throws -> RunSummary {
      try Trainer(
        program: try checkedProgram(source("factored(rank: 1) by svd(error: \(bound))")),
        source: RunSource(text: [], configuration: "", version: "test"),
        options: TrainOptions(
          threads: 1, output: resumes ? nil : folder("a"), checkpointEvery: .epochs(1), resume: resumes ? .folder(folder("a")) : nil),
        observer: nil
      ).run()
    }
    let error = try #require(trainError { _ = try run("1%", resumes: false) })
    #expect(error.kind == .truncation && error.message.contains("`fc1`") && error.span != nil)
    let (_, dense) = try train(
      source("sparse(density: 25%) by svd(error: 100%)").replacing("from end: sparse(density: 25%) by svd(error: 100%)", with: ""),
      output: folder("b"))
    #expect(try folder.bytes("a/weights.safetensors") == folder.bytes("b/weights.safetensors"))
    let resumed = try run("100%", resumes: true)
    let (_, whole) = try train(source("factored(rank: 1) by svd(error: 100%)"), output: folder("c"))
    #expect(try folder.bytes("a/weights.safetensors") == folder.bytes("c/weights.safetensors"))
    #expect(resumed.json == whole.json && dense.json != whole.json)
  }

  @Test("a run stopped and resumed ends in the same bytes, and one that is stopped before the end does not take its form")
  func resume() throws {
    try expectSameBytes(of: source("sparse(density: 25%) by svd(error: 100%)"), stoppedAfter: Duration(.epoch, 2), in: folder)
    _ = try train(source("sparse(density: 25%) by svd(error: 100%)"), output: folder("stopped"), stopAfter: Duration(.epoch, 2))
    #expect(try tensors("stopped").keys.contains("fc1.weight"))
  }

  @Test("an update that can move nothing but dense weights leaves them to the form of the end")
  func update() throws {
    let text = source("factored(rank: 2) by svd(error: 100%)").replacing(
      "weights fc1 {", with: "weights fc1 { update: low_rank_gradient(adam(), rank: 2, refresh: 4 steps) ")
    let (_, summary) = try train(text, output: folder("a"))
    #expect(summary.finalTrainable == 2 * 14 + 8 + 36)
  }

  @Test("the end has a price of its own, which final requirements read and averages do not")
  func price() throws {
    let program = try checkedProgram(source("factored(rank: 2) by svd(error: 100%)"))
    let report = try CostReport(PhaseCompiler(program: program), machine: .typical(threads: 1))
    #expect(program.phases.count == 2 && program.phases[1].isAtEnd && report.shares == [1, 0])
    #expect(report.value(.deployedParameters, .final) == Double(2 * 14 + 8 + 36))
    #expect(report.value(.trainableParameters, .average) == Double(48 + 8 + 36))
    #expect(report.phases[1].stateBytes == 0 && report.phases[0].stateBytes == (48 + 8 + 36) * 4)
    #expect(report.text(program).contains("phase 1: end"))
    let sparse = try checkedProgram(source("sparse(5%) by svd(error: 100%)"))
    let pruned = try CostReport(PhaseCompiler(program: sparse), machine: nil)
    // 2 of 48 entries, the biases and the head.
    #expect(
      pruned.value(.activeParameters, .final) == Double(2 + 8 + 36) && pruned.value(.activeParameters, .average) == Double(48 + 8 + 36))
    #expect(pruned.phases[1].parameters == 2 * 48 + 8 + 36 && pruned.denseValue(.activeParameters, .final) == 92)
    func failures(_ requirement: String) throws -> [String] {
      let text = source("factored(rank: 2) by svd(error: 100%)", "require: final(deployed_parameters) <= \(requirement)")
      let program = try checkedProgram(text)
      return checkRequirements(program, try CostReport(PhaseCompiler(program: program), machine: nil)).flatMap(\.notes)
    }
    #expect(try failures("72") == [])
    #expect(try failures("71") == ["phase 0 has 92, for 100.0 % of the run", "phase 1 has 72, at the end"])
    #expect(describeSchedule(program).contains("end"))
    #expect(resolvedConfiguration(program).contains("from end: factored"))
    #expect(resolvedConfiguration(program).contains("phase 1 at the end: no step"))
    #expect(try StepBenchmark(program: program, phase: 1, threads: 1).run(steps: 2, warmUp: 1).multiplyAdds > 0)
  }
}
