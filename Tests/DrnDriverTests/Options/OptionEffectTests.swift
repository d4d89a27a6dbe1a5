import DrnMethods
import DrnProgram
import DrnSema
import DrnTestSupport
import Foundation
import Testing

/// Whatever can be written changes something: two values of an option give runs that differ, or one of them is refused.
@Suite("Every option has an effect") struct OptionEffectTests {
  /// A place of a program that takes one of some methods.
  struct Place: Sendable {
    let name: String
    let specs: [MethodSpec]
    /// Programs with a call at the place.
    let programs: [@Sendable (String) -> OptionProgram]

    /// The places within calls of these methods, for methods that stand nowhere else.
    var inner: [Place] {
      specs.flatMap { spec in
        spec.options.compactMap { option -> Place? in
          guard case .method(let specs) = option.kind, !specs.contains(where: { inner in self.specs.contains { $0.name == inner.name } })
          else {
            return nil
          }
          return Place(
            name: "\(spec.name)(\(option.name))", specs: specs,
            programs: programs.map { program in { call in program(spec.call([option.name: call], companion: 0)) } })
        }
      }
    }
  }

  private static func inNetwork(_ shape: String, _ before: String, _ after: String) -> @Sendable (String) -> OptionProgram {
    { call in
      OptionProgram().with {
        $0.input = shape
        $0.network = "return x\(before) |> m: \(call)\(after) |> head: linear(3)"
      }
    }
  }

  /// A layer of tokens behind lines of two letters.
  private static func ofTokens(_ call: String) -> OptionProgram {
    OptionProgram().with {
      ($0.source, $0.input) = ("lines(\"\(words?.path ?? "")\")", "tokens[5]")
      $0.network = "return x |> m: \(call) |> flatten |> head: linear(3)"
    }
  }

  /// Lines of at most five letters, three files of ten.
  nonisolated(unsafe) private static let words: TemporaryFolder? = {
    let folder = try? TemporaryFolder()
    for (place, name) in ["one", "two", "three"].enumerated() {
      let lines = (0..<10).map { line in String((0..<(1 + (line + place) % 5)).map { ($0 * line + place) % 2 == 0 ? "a" : "b" }) }
      _ = try? folder?.write("\(name).txt", lines.joined(separator: "\n"))
    }
    return folder
  }()

  /// A layer of three tensors, with queries, keys and values of a sequence.
  private static func ofThreeTensors(_ call: String) -> OptionProgram {
    OptionProgram().with {
      $0.input = "tensor[6, 12]"
      let name = call.prefix { $0 != "(" }
      $0.network = "let q = x |> q: linear(24)  let k = x |> k: linear(24)  return m(q, k) |> flatten |> head: linear(3)"
        .replacing("m(q, k)", with: "\(name)(q, k, k, \(call.dropFirst(name.count + 1))")
    }
  }

  /// A layer with the weight of another one.
  private static func ofSharedWeight(_ call: String) -> OptionProgram {
    OptionProgram().with {
      $0.input = "tensor[12]"
      let name = call.prefix { $0 != "(" }
      $0.network = "return x |> own: linear(12) |> tanh |> m: \(name)(own, \(call.dropFirst(name.count + 1)) |> head: linear(3)"
    }
  }

  private static let plain = OptionProgram()
  /// Long enough for what waits, with a score that changes from epoch to epoch.
  private static let waiting = plain.with { ($0.settings["length"], $0.settings["select"]) = ("30 epochs", "loss") }
  /// A weight in the open form, of a convolution and of a linear layer, from the start or later.
  private static func inTimeline(
    _ entries: @escaping @Sendable (String) -> String, optimizer: String = "sgd(momentum: 0.9)", linear: Bool = false
  )
    -> @Sendable (String)
    -> OptionProgram
  {
    { call in
      plain.with {
        if linear { $0.network = "return x |> flatten |> l1: linear(8) |> norm: batch_norm |> relu |> head: linear(3)" }
        $0.settings["optimizer"] = optimizer
        $0.train = ["state: carry", "weights l1 { \(entries(call)) }"]
      }
    }
  }

  /// Wide layers that begin at a small rank.
  private static func growing(from rank: Int) -> @Sendable (String) -> OptionProgram {
    { call in
      plain.with {
        $0.network = "return x |> flatten |> l1: linear(40) |> relu |> l2: linear(40) |> relu |> head: linear(3)"
        $0.train = ["weights l1, l2 { from epoch 0: factored(rank: \(rank))  every 2 steps: \(call) }"]
      }
    }
  }

  static let places: [Place] = outerPlaces + outerPlaces.flatMap(\.inner)

  private static let outerPlaces: [Place] = [
    Place(
      name: "layers", specs: EditorVocabulary.layers,
      programs: [
        inNetwork("tensor[4, 5, 6]", "", " |> flatten"), inNetwork("tensor[12]", "", ""),
        inNetwork("tensor[12]", " |> l0: linear(5)", " |> relu"),
        inNetwork("tensor[4, 5, 6]", " |> l0: conv2d(4, kernel: 1)", " |> relu |> flatten"), inNetwork("tensor[4, 5, 6]", "", ""),
        inNetwork("tensor[6, 12]", "", " |> flatten"), ofTokens, ofThreeTensors, ofSharedWeight,
      ]),
    Place(
      name: "forms", specs: EditorVocabulary.forms,
      programs: [
        inTimeline { "from epoch 0: \($0)" }, inTimeline { "from epoch 0: dense  from epoch 1: \($0)" },
        { call in plain.with { $0.train = ["weights l1 { from epoch 0: \(call) }"] } },
        { call in plain.with { $0.train = ["weights head { from epoch 0: \(call) }"] } },
        { call in plain.with { $0.train = ["weights l1 { update: basis_update(sgd())  from epoch 0: \(call) }"] } },
      ]),
    Place(
      name: "updates", specs: EditorVocabulary.updates,
      programs: [
        { call in plain.with { $0.settings["optimizer"] = call } },
        { call in
          plain.with {
            $0.settings["optimizer"] = call
            $0.settings["weight_decay"] = "0.5"
          }
        },
        { call in
          plain.with {
            $0.settings["optimizer"] = call
            $0.settings["accumulation"] = "2"
          }
        },
        { call in
          plain.with {
            $0.settings["weight_decay"] = "0.5"
            $0.train = ["decay: factors", "weights l1 { update: \(call)  from epoch 0: core(rank: 2, bases: moving) }"]
          }
        },
        { call in plain.with { $0.train = ["weights l1 { update: \(call)  from epoch 0: core(rank: 3, bases: moving) }"] } },
      ]),
    Place(name: "losses", specs: EditorVocabulary.losses, programs: [{ call in plain.with { $0.settings["loss"] = call } }]),
    Place(
      name: "rates", specs: EditorVocabulary.rates,
      programs: [
        { call in plain.with { $0.settings["rate"] = call } },
        { call in waiting.with { $0.settings["rate"] = call } },
      ]),
    Place(name: "mixtures", specs: MethodFamily.mixture.specs, programs: [{ call in plain.with { $0.settings["mix"] = call } }]),
    Place(name: "averages", specs: MethodFamily.average.specs, programs: [{ call in plain.with { $0.settings["average"] = call } }]),
    Place(
      name: "ends of a run", specs: MethodFamily.stop.specs,
      programs: [
        { call in waiting.with { $0.settings["stop"] = call } },
        // An epoch is a step, and no answer changes.
        { call in
          plain.with {
            ($0.settings["stop"], $0.settings["length"], $0.settings["batch"], $0.settings["rate"]) = (call, "9 epochs", "24", "1e-9")
          }
        },
      ]),
    Place(
      name: "events", specs: EditorVocabulary.events.filter { $0.name != "report" },
      programs: [
        { call in
          plain.with {
            $0.network = "return x |> flatten |> l1: linear(8) |> relu |> l2: linear(9) |> relu |> l3: linear(9) |> relu |> head: linear(3)"
            $0.train = ["weights l1, l2, l3 { from epoch 0: core(rank: full)  every 2 steps: \(call) }"]
          }
        },
        growing(from: 3), growing(from: 1),
        { call in
          plain.with {
            $0.settings["optimizer"] = "sgd(momentum: 0.9)"
            $0.train = ["weights l1 { from epoch 0: sparse(40%)  every 2 steps: \(call) }"]
          }
        },
        { call in plain.with { $0.train = ["at epoch 1: \(call)"] } },
      ]),
    Place(
      name: "measurements", specs: EditorVocabulary.measurements.filter { !$0.options.isEmpty },
      programs: [{ call in plain.with { $0.train = ["at end: report(\(call))"] } }]),
    Place(
      name: "transitions", specs: EditorVocabulary.transitions,
      programs: [
        inTimeline({ "from epoch 0: dense  from epoch 1: factored(rank: 1) by \($0)" }, linear: true),
        { call in plain.with { $0.train = ["weights l1 { from epoch 0: dense  from epoch 1: factored(rank: 1) by \(call) }"] } },
        inTimeline({ "from epoch 0: dense  from epoch 2: core(rank: 1) by \($0)" }, optimizer: "adam()", linear: true),
      ]),
    Place(
      // Recordings are files: `RecordingEffectTests`.
      name: "preparations", specs: EditorVocabulary.preparations.filter { $0.name != "log_mel" },
      programs: [{ call in plain.with { $0.data = ["prepare: \(call)"] } }]),
    Place(
      name: "augmentations", specs: EditorVocabulary.augmentations,
      programs: [
        { call in plain.with { $0.data = ["augment: [\(call)]"] } },
        { call in
          plain.with {
            ($0.input, $0.network) = ("tensor[9, 8]", "return x |> flatten |> head: linear(3)")
            $0.data = ["augment: [\(call)]"]
          }
        },
      ]),
    Place(
      name: "subsets", specs: EditorVocabulary.subsets, programs: [{ call in plain.with { $0.data.append("examples_used: \(call)") } }]),
    Place(
      name: "sources", specs: EditorVocabulary.sources.filter { $0.name == "synthetic" },
      programs: [{ call in plain.with { $0.source = call } }]),
  ]

  /// One option of one method at one place.
  struct Case: Sendable, CustomTestStringConvertible {
    let place: Int
    let method: Int
    let option: Int
    var spec: MethodSpec { OptionEffectTests.places[place].specs[method] }
    var testDescription: String { "\(OptionEffectTests.places[place].name): \(spec.name)(\(spec.options[option].name))" }
  }

  static let cases: [Case] = places.indices.flatMap { place in
    places[place].specs.indices.flatMap { method in
      places[place].specs[method].options.indices.map { Case(place: place, method: method, option: $0) }
    }
  }

  /// Options whose values no short run tells apart, and what does.
  private static let toldApart = [
    "events: grow(until)": "energy and explained variance, which are close at 0.5: GrowTests",
    "losses: huber(delta)": "takes real values, which made-up data have none of: LossTests",
    "updates: basis_update(at_most)": "ranks of at least that of the start and at most half of the short side: AdaptiveUpdateTests",
  ]

  @Test("what is told apart elsewhere is an option") func elsewhere() {
    for name in Self.toldApart.keys { #expect(Self.cases.contains { $0.testDescription == name }, "\(name)") }
  }

  @Test("of a method", arguments: cases.filter { toldApart[$0.testDescription] == nil }) func ofMethods(_ item: Case) throws {
    let option = item.spec.options[item.option]
    // The only word there is, stated for what may come.
    if case .word(let words) = option.kind, words.count == 1 { return }
    let programs = Self.places[item.place].programs
    let companies = programs.flatMap { program in item.spec.companies(of: option).map { company in { program(company($0)) } } }
    let problem = Self.problem(option.candidates, isChoice: option.isChoice, in: companies)
    #expect(problem == nil, "\(item.testDescription): \(problem ?? "")")
  }

  /// What is wrong with the values of an option: that no program tells two choices apart, or any two quantities, or that none accepts two.
  static func problem(_ values: [String], isChoice: Bool, in programs: [(String) -> OptionProgram]) -> String? {
    var open = values.indices.flatMap { first in values.indices.filter { $0 > first }.map { [first, $0] } }
    var accepted: Set<Int> = []
    for program in programs {
      var sights: [Int: OptionProgram.Sight] = [:]
      func sight(_ place: Int) -> OptionProgram.Sight {
        let sight = sights[place] ?? program(values[place]).sight
        sights[place] = sight
        if sight != .refused { accepted.insert(place) }
        return sight
      }
      for pair in open {
        let (first, second) = (sight(pair[0]), sight(pair[1]))
        guard first != .refused, second != .refused, first != second else { continue }
        if !isChoice { return nil }
        open.removeAll { $0 == pair }
      }
      if open.isEmpty { return nil }
    }
    guard accepted.count > 1 else { return "of \(values), only \(accepted.map { values[$0] }) are accepted" }
    // A choice that no program accepts is refused, which is an answer too.
    let equal = open.filter { accepted.contains($0[0]) && accepted.contains($0[1]) }
    return equal.isEmpty ? nil : equal.map { "\(values[$0[0]]) and \(values[$0[1]]) give the same run" }.joined(separator: "; ")
  }
}
