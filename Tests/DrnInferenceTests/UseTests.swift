import DrnData
import DrnProgram
import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation
import Testing

@testable import DrnInference

/// A network used from a copied run folder, with its data gone, says what the run tested.
@Suite("Using a trained network") struct UseTests {
  private static let settings = "loss: cross_entropy  optimizer: sgd(momentum: 0.9)  seed: 3"

  private func bytes(_ count: Int, _ seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 40) }
  }

  private struct Table {
    var lines: [String] = []
    var labels: [Int] = []
  }

  /// Rows with a number that is missing now and then, a word and a class by its name.
  private func table(_ count: Int, seed: UInt64) -> Table {
    var random = SplitMix64(seed: seed)
    var table = Table()
    for _ in 0..<count {
      let draw = random.next()
      let value = Double(draw % 1000) / 173 - 3
      let word = ["low", "mid", "top"][Int(draw >> 20 % 3)]
      let other = Double(draw >> 30 % 512) / 64
      let label = value + other / 4 > (word == "top" ? 0 : 1) ? 1 : 0
      table.lines.append("\(draw >> 50 % 9 == 0 ? "" : "\(value)"),\(word),\(other),\(["no", "yes"][label])")
      table.labels.append(label)
    }
    return table
  }

  private func tableRun(extra: String = "", keep: [String] = ["test.csv"]) throws -> Used {
    try Used(
      """
      data d {
        source: csv(train: "@/train.csv", test: "@/test.csv", label: "y", categories: one_hot("w"), missing: mean)
        row: tensor[5]
        label: class
        validation: 20%
        prepare: standardize(per: channel)
      }
      network net(row: tensor[5]) -> tensor[2] { return row |> fc: linear(6) |> relu |> head: linear(2) }
      train net on d { length: 6 epochs  batch: 16  rate: 0.1  \(Self.settings) \(extra) }
      """, keep: keep
    ) { data in
      try data.write("train.csv", "v,w,z,y\n" + table(120, seed: 1).lines.joined(separator: "\n"))
      let test = table(90, seed: 2)
      try data.write("test.csv", "v,w,z,y\n" + test.lines.joined(separator: "\n"))
      // Other columns in another order, and no label.
      let fields = test.lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      try data.write("new.csv", "id,z,v,w\n" + fields.enumerated().map { "\($0),\($1[2]),\($1[0]),\($1[1])\n" }.joined())
    }
  }

  @Test("a table: categories, means, classes by name; columns are found by name, and the label may be missing")
  func tables() throws {
    var used = try tableRun(keep: ["test.csv"])
    let labels = table(90, seed: 2).labels
    let tested = try #require(used.summary.test)
    #expect(agreement(try used.classes([used.folder("test.csv")]), labels) == tested.accuracy)
    let evaluation = try used.evaluate(used.folder("test.csv"))
    #expect(evaluation.score.accuracy == tested.accuracy && evaluation.score.classification?.confusion == tested.classification?.confusion)
    #expect(abs(evaluation.score.loss - tested.loss) < 1e-6 && evaluation.count == 90)
    #expect(try used.model().outputNames == ["no", "yes"])
    used = try tableRun(keep: ["test.csv", "new.csv"])
    #expect(try used.predict([used.folder("new.csv")]) == used.predict([used.folder("test.csv")]))
  }

  @Test("a portion has no part in what is predicted: 20,000 rows are the same by twos and at once")
  func portions() throws {
    let used = try tableRun(keep: [])
    let rows = table(20_000, seed: 7).lines
    try used.folder.write("all.csv", "v,w,z,y\n" + rows.joined(separator: "\n"))
    try used.folder.write("end.csv", "v,w,z,y\n" + rows.suffix(16).joined(separator: "\n"))
    let all = try used.predict([used.folder("all.csv")])
    #expect(all.count == 20_000)
    let end = try used.predict([used.folder("end.csv")])
    for (one, other) in zip(all.suffix(16), end) { #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-6 }) }
  }

  @Test("a table without names: by the numbers of columns, or of the features alone")
  func numbered() throws {
    let rows = (0..<60).map { row in "\(Double(row % 7) - 3),\(row % 3),\(Double(row % 11))" }
    let used = try Used(
      """
      data d { source: csv(train: "@/train.csv", test: "@/train.csv", label: 1)  row: tensor[2]  label: class(3) }
      network net(row: tensor[2]) -> tensor[3] { return row |> head: linear(3) }
      train net on d { length: 2 epochs  batch: 8  rate: 0.1  \(Self.settings) }
      """, keep: ["train.csv", "features.csv"]
    ) { data in
      try data.write("train.csv", rows.joined(separator: "\n"))
      let features = rows.map { $0.split(separator: ",") }.map { "\($0[0]),\($0[2])" }
      try data.write("features.csv", features.joined(separator: "\n"))
    }
    let own = try used.classes([used.folder("train.csv")])
    #expect(agreement(own, (0..<60).map { $0 % 3 }) == used.summary.test?.accuracy)
    #expect(try used.classes([used.folder("features.csv")]) == own)
  }

  @Test("images: IDX files, an array and PNG files give one answer; a phase of another rank is used as it was left")
  func images() throws {
    let (pixels, labels) = (bytes(40 * 64, 4), (0..<40).map { UInt8($0 * 7 % 4) })
    let used = try Used(
      """
      data d {
        source: idx(train_features: "@/x.idx", train_labels: "@/y.idx", test_features: "@/x.idx", test_labels: "@/y.idx")
        image: tensor[1, 8, 8]
        label: class(4)
        prepare: standardize(per: channel)
      }
      network net(image: tensor[1, 8, 8]) -> tensor[4] {
        return image |> conv: conv2d(8, kernel: 3) |> norm: batch_norm |> relu |> flatten |> fc: linear(16) |> relu |> head: linear(4)
      }
      train net on d {
        length: 4 epochs  batch: 16  rate: 0.05  state: carry  \(Self.settings)
        weights fc { from epoch 0: dense  from epoch 2: factored(rank: 5) by svd(error: 100%) }
      }
      """, keep: ["x.idx", "y.idx", "x.npy", "pictures"]
    ) { data in
      try data.write("x.idx", MadeFiles.idx([40, 8, 8], pixels))
      try data.write("y.idx", MadeFiles.idx([40], labels))
      try data.write("x.npy", MadeFiles.npy([40, 8, 8], pixels.map { Float($0) * (1 / 255) }))
      try FileManager.default.createDirectory(atPath: data("pictures/deeper"), withIntermediateDirectories: true)
      for image in 0..<40 {
        let file = MadeFiles.png(Array(pixels[(image * 64)..<(image * 64 + 64)]), channels: 1, height: 8, width: 8)
        try data.write("pictures/\(image < 20 ? "" : "deeper/")\(100 + image).png", file)
      }
    }
    let classes = try used.classes([used.folder("x.idx")])
    #expect(agreement(classes, labels.map { Int($0) }) == used.summary.test?.accuracy)
    #expect(try used.model().phase == 1 && used.model().ranks.contains(5))
    let evaluation = try used.evaluate(used.folder("x.idx"), labels: used.folder("y.idx"))
    #expect(evaluation.score.loss == used.summary.test?.loss)
    #expect(try used.classes([used.folder("x.npy")]) == classes)
    // Digits come before the folder `deeper`.
    #expect(try used.classes([used.folder("pictures")]) == classes)
    #expect(try used.classes((0..<20).map { used.folder("pictures/\(100 + $0).png") }) == Array(classes.prefix(20)))
  }

  @Test("folders of images are evaluated by the names of their classes")
  func imageFolders() throws {
    let used = try Used(
      """
      data d { source: images("@/all", test_share: 25%)  image: tensor[3, 4, 4]  label: class(2) }
      network net(image: tensor[3, 4, 4]) -> tensor[2] { return image |> flatten |> head: linear(2) }
      train net on d { length: 5 epochs  batch: 8  rate: 0.1  \(Self.settings) }
      """, keep: ["all"]
    ) { data in
      for (place, name) in ["cat", "dog"].enumerated() {
        try FileManager.default.createDirectory(atPath: data("all/\(name)"), withIntermediateDirectories: true)
        for image in 0..<12 {
          let pixels = bytes(48, UInt64(image * 2 + place)).map { $0 / 2 + (place == 0 ? 0 : 100) }
          try data.write("all/\(name)/\(image).png", MadeFiles.png(pixels, channels: 3, height: 4, width: 4))
        }
      }
    }
    #expect(try used.model().outputNames == ["cat", "dog"])
    let evaluation = try used.evaluate(used.folder("all"))
    #expect(evaluation.count == 24 && (evaluation.score.accuracy ?? 0) > 0.8)
    let classes = try used.classes([used.folder("all/cat"), used.folder("all/dog")])
    #expect(agreement(classes, (0..<24).map { $0 / 12 }) == evaluation.score.accuracy)
  }

  @Test("lines of text, by the characters and the classes that were learned")
  func lines() throws {
    let words = ["aa": ["aba", "abba", "baab", "aab"], "xy": ["xyx", "yyx", "xxyy", "yxy"]]
    let used = try Used(
      """
      data d { source: lines("@/words", test_share: 25%)  word: tokens[6]  label: class(2) }
      network net(word: tokens[6]) -> tensor[2] { return word |> embed: embedding(5, 4) |> flatten |> head: linear(2) }
      train net on d { length: 30 epochs  batch: 2  rate: 0.2  \(Self.settings) }
      """, keep: ["words"]
    ) { data in
      try FileManager.default.createDirectory(atPath: data("words"), withIntermediateDirectories: true)
      for (name, lines) in words { try data.write("words/\(name).txt", lines.joined(separator: "\n")) }
    }
    let evaluation = try used.evaluate(used.folder("words"))
    #expect(evaluation.count == 8 && evaluation.classNames == ["aa", "xy"])
    let predicted = try used.classes([used.folder("words/aa.txt"), used.folder("words/xy.txt")])
    #expect(agreement(predicted, [0, 0, 0, 0, 1, 1, 1, 1]) == evaluation.score.accuracy)
  }

  @Test("a text: the loss of its tail, its perplexity, and the token behind a prompt")
  func text() throws {
    let text = String(repeating: "abcd", count: 200)
    let used = try Used(
      """
      data d { source: text("@/t.txt", test_share: 20%)  text: tokens[8]  label: next_token(4)  validation: 10% }
      network net(text: tokens[8]) -> tensor[8, 4] { return text |> embed: embedding(4, 8) |> head: linear(4) }
      train net on d { length: 20 epochs  batch: 4  rate: 0.5  \(Self.settings) }
      """, keep: []
    ) { try $0.write("t.txt", text) }
    try used.folder.write("tail.txt", String(text.suffix(160)))
    let (evaluation, tested) = (try used.evaluate(used.folder("tail.txt")), try #require(used.summary.test))
    #expect(evaluation.score.loss == tested.loss && evaluation.score.accuracy == tested.accuracy)
    #expect(abs(evaluation.perplexity - exp(tested.loss)) < 1e-12 && abs(evaluation.bits * log(2) - tested.loss) < 1e-12)
    for (prompt, next) in [("ab", 2), ("abcdabcdabc", 3), ("d", 0)] {
      try used.folder.write("prompt.txt", prompt)
      #expect(try used.classes([used.folder("prompt.txt")]) == [next], "\(prompt)")
    }
  }

  @Test("recordings, by the names of their files, and one by itself")
  func recordings() throws {
    func samples(_ label: Int, _ take: Int) -> [Int16] {
      (0..<512).map { Int16(8000 * sin(Double($0) * (label == 0 ? 0.3 : 1.4) + Double(take))) }
    }
    let used = try Used(
      """
      data d {
        source: audio("@/sound", name: "{label}_{take}.wav", test: "take < 4", rate: 8000)
        sound: tensor[6, 4]
        label: class(2)
        prepare: [log_mel(window: 128, hop: 64, bands: 4), standardize(per: channel)]
      }
      network net(sound: tensor[6, 4]) -> tensor[2] { return sound |> flatten |> head: linear(2) }
      train net on d { length: 5 epochs  batch: 4  rate: 0.05  \(Self.settings) }
      """, keep: ["sound"]
    ) { data in
      try FileManager.default.createDirectory(atPath: data("sound"), withIntermediateDirectories: true)
      for (label, name) in ["low", "high"].enumerated() {
        for take in 0..<12 { try data.write("sound/\(name)_\(take).wav", MadeFiles.wave(samples(label, take))) }
      }
    }
    let names = try used.model().outputNames
    let files = ["low", "high"].flatMap { name in (0..<4).map { used.folder("sound/\(name)_\($0).wav") } }
    let wanted = ["low", "high"].flatMap { name in [Int](repeating: names.firstIndex(of: name) ?? -1, count: 4) }
    #expect(agreement(try used.classes(files), wanted) == used.summary.test?.accuracy)
    #expect(try used.evaluate(used.folder("sound")).count == 24)
    #expect(try used.predict([used.folder("sound")]).count == 24)
  }

  @Test("values: names of columns, R2, errors; the deployed weights of a run whose weights are averaged")
  func values() throws {
    let rows = (0..<80).map { row in "\(row % 9),\(row % 5),\(2 * (row % 9) - row % 5),\(row % 5)" }
    let used = try Used(
      """
      data d { source: csv(train: "@/t.csv", test: "@/t.csv", label: ["p", "q"])  row: tensor[2]  label: tensor[2]  prepare: standardize(per: channel) }
      network net(row: tensor[2]) -> tensor[2] { return row |> head: linear(2) }
      train net on d { length: 8 epochs  batch: 8  rate: 0.05  loss: mean_squared_error  optimizer: sgd  seed: 3  average: ema(0.9) }
      """, keep: ["t.csv"]
    ) { try $0.write("t.csv", "a,b,p,q\n" + rows.joined(separator: "\n")) }
    let (evaluation, tested) = (try used.evaluate(used.folder("t.csv")), try #require(used.summary.test))
    #expect(evaluation.score.loss == tested.loss && evaluation.score.regression?.r2 == tested.regression?.r2)
    #expect(try evaluation.calibration == nil && used.model().outputNames == ["p", "q"])
    let predicted = try used.predict([used.folder("t.csv")])
    var error = 0.0
    for (row, values) in zip(rows, predicted) {
      let fields = row.split(separator: ",").compactMap { Double($0) }
      for place in 0..<2 { error += pow(fields[2 + place] - Double(values[place]), 2) / 2 }
    }
    #expect(abs(error / 80 - tested.loss) < 1e-6)
  }

  @Test("what is used is what was kept: the best epoch, and the forms of the end")
  func kept() throws {
    let used = try Used(
      """
      data d { source: synthetic(200, test_examples: 100, noise: 2)  x: tensor[6]  label: class(4)  validation: 20% }
      network net(x: tensor[6]) -> tensor[4] { return x |> fc: linear(12) |> relu |> head: linear(4) }
      train net on d {
        length: 6 epochs  batch: 16  rate: 0.3  loss: cross_entropy(smoothing: 0.1)  optimizer: sgd(momentum: 0.9)  seed: 3
        weights fc { from epoch 0: dense  from end: factored(rank: 3) by svd(error: 100%) }
      }
      """)
    let model = try used.model()
    #expect(model.phase == model.program.phases.count - 1 && model.step == used.summary.saved.step)
    let (evaluation, tested) = (try model.evaluate(.test, threads: 1), try #require(used.summary.test))
    #expect(evaluation.score.loss == tested.loss && evaluation.score.accuracy == tested.accuracy)
    #expect(evaluation.trainingLoss != evaluation.score.loss && evaluation.trainingLossName.contains("smoothing: 0.1"))
    #expect(try model.evaluate(.validation, threads: 1).score.loss == used.summary.validation?.loss)
    #expect(try model.evaluate(.train, threads: 1).count == 160)
  }

  @Test("the loss that was trained with is the mean over its batches, with class weights and a smaller last one")
  func trainingLoss() throws {
    let used = try Used(
      """
      data d { source: synthetic(50, test_examples: 37, noise: 1)  x: tensor[3]  label: class(2) }
      network net(x: tensor[3]) -> tensor[2] { return x |> head: linear(2) }
      train net on d { length: 1 epochs  batch: 10  rate: 0.1  class_weights: [3, 1]  \(Self.settings) }
      """)
    let model = try used.model()
    let found = try model.evaluate(.test, threads: 1)
    let test = try #require(try TrainingData(model.program.data, seed: model.program.training.seed).test)
    let pass = try ForwardPass(model, threads: 1)
    var (sum, start) = (0.0, 0)
    while start < 37 {
      let part = Array(start..<min(start + 10, 37))
      let logits = Array(try pass.outputs(of: part[...], in: test))
      var (loss, weights) = (0.0, 0.0)
      for (row, label) in try test.labels(of: part).enumerated() {
        let (own, other) = (Double(logits[row * 2 + Int(label)]), Double(logits[row * 2 + 1 - Int(label)]))
        let weight = label == 0 ? 3.0 : 1.0
        loss += weight * log(1 + exp(other - own))
        weights += weight
      }
      sum += loss / weights * Double(part.count)
      start += 10
    }
    #expect(abs(found.trainingLoss - sum / 37) < 1e-5, "\(found.trainingLoss), \(sum / 37)")
  }

  @Test("singular values of a run, of a checkpoint's neighbour and of a foreign file")
  func inspection() throws {
    let used = try Used(
      """
      data d { source: synthetic(60, test_examples: 10)  x: tensor[6]  label: class(3) }
      network net(x: tensor[6]) -> tensor[3] { return x |> fc: linear(8) |> relu |> head: linear(3) }
      train net on d { length: 1 epochs  batch: 10  rate: 0.1  \(Self.settings)  weights fc { from epoch 0: factored(rank: 2) } }
      """)
    let run = try TensorInspection(used.run, withSpectra: true, threads: 1)
    #expect(run.kind == .run && run.weights.map(\.form) == ["factored", "dense"] && run.weights[0].rank == 2)
    let spectrum = try #require(run.weights[0].spectrum)
    #expect(spectrum.count == 2 && spectrum.largest >= spectrum.smallest && spectrum.effectiveRank <= 2.0001 && spectrum.stableRank >= 1)
    #expect(run.provenance.contains { $0.name == "network" && $0.value == "net" })
    #expect(try TensorInspection(used.run, withSpectra: false, threads: 1).weights.allSatisfy { $0.spectrum == nil })
    // A diagonal matrix has its diagonal for singular values.
    var file = TensorFile(tensors: [NamedTensor(name: "m", shape: [2, 2], floats: [3, 0, 0, 1])], metadata: [("format", "pt")])
    file.tensors.append(NamedTensor(name: "n", shape: [4], floats: [1, 2, 3, 4]))
    try file.write(path: used.folder("f.safetensors"))
    let foreign = try TensorInspection(used.folder("f.safetensors"), withSpectra: true, threads: 1)
    #expect(foreign.kind == .safetensors && foreign.parameters == 8 && foreign.provenance.map(\.value) == ["pt"])
    #expect(abs((foreign.tensors[0].spectrum?.largest ?? 0) - 3) < 1e-5 && foreign.tensors[1].spectrum == nil)
  }
}
