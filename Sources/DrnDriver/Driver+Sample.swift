import DrnData
import DrnDiagnostics
import DrnInference
import DrnJSON
import DrnProgram
import DrnSource
import DrnSystem
import DrnTrain

extension Driver {
  /// `drnc sample`.
  public func sample(_ request: SampleRequest) -> ExitStatus {
    var sources = SourceMap()
    do {
      let model = try TrainedModel(folder: request.run)
      sources = model.sources
      try SequenceContinuation.require(model.program)
      let vocabulary = try Self.vocabulary(of: model)
      let prompt = try vocabulary.tokens(request.prompt)
      let network: SequenceContinuation
      if let path = request.checkpoint {
        let weights = try RunWeights(checkpoint: path, of: request.run, compiler: model.compiler)
        network = try SequenceContinuation(
          model.compiler, phase: weights.phase, ranks: weights.ranks, tensors: weights.values, threads: request.threads)
      } else {
        network = try SequenceContinuation(model, threads: request.threads)
      }
      try write(Continuation(network, vocabulary, prompt), request, seed: request.seed ?? model.program.training.seed)
      return .success
    } catch let error as TrainError {
      console.report([error.diagnostic()], sources: sources)
      return error.kind.status
    } catch let error as ContinuationError {
      console.report([Diagnostic(error.kind.code, error.message, at: error.span, help: error.help)], sources: sources)
      return error.kind.status
    } catch {
      console.report([Diagnostic(.defect, "\(error)", at: nil)], sources: sources)
      return .defect
    }
  }

  /// That of the byte pairs that the run keeps, or of characters or bytes.
  private static func vocabulary(of model: TrainedModel) throws(TrainError) -> any TextCoder {
    let path = Path.join(model.folder, RunFolder.tokenizer)
    if Files.exists(path) {
      do { return TokenVocabulary.bytePairs(try BytePairVocabulary(path: path)) } catch {
        throw TrainError(.runUnusable, "`\(path)` \(error.message)", help: error.help)
      }
    }
    guard let vocabulary = TextVocabulary(model.vocabulary ?? []) else {
      throw TrainError(
        .runUnusable, "the run in `\(model.folder)` has no vocabulary", help: "`tokenizer` of the source `tokens` keeps one with a run")
    }
    return vocabulary
  }

  /// What is continued, and by which network.
  private struct Continuation {
    let network: SequenceContinuation
    let vocabulary: any TextCoder
    let prompt: [Int32]

    init(_ network: SequenceContinuation, _ vocabulary: any TextCoder, _ prompt: [Int32]) {
      (self.network, self.vocabulary, self.prompt) = (network, vocabulary, prompt)
    }
  }

  /// Prints a prompt with what follows as it comes, or all of it as one line of JSON.
  private func write(_ continuation: Continuation, _ request: SampleRequest, seed: UInt64) throws(ContinuationError) {
    var sampler = TokenSampler(temperature: request.temperature, topK: request.topK, seed: seed)
    let (network, vocabulary) = (continuation.network, continuation.vocabulary)
    var tokens: [Int] = []
    var text = StreamedText()
    let clock = ContinuousClock()
    let start = clock.now
    var logits = try network.begin(continuation.prompt)
    let begun = clock.now
    if !request.printsJSON { console.output(request.prompt) }
    for index in 0..<request.length {
      if index > 0 { logits = try network.next(Int32(tokens[index - 1])) }
      // Of outputs for which the vocabulary has no text none is drawn.
      let token = sampler.draw(logits.prefix(vocabulary.count))
      tokens.append(token)
      let whole = text.append(vocabulary.bytes(of: token))
      if !request.printsJSON { console.output(whole) }
    }
    let rest = text.finish()
    let (prompting, drawing) = (begun - start, clock.now - begun)
    // The first token needs no step of its own.
    let speed = Double(max(0, request.length - 1)) / max(1e-9, drawing / .seconds(1))
    guard request.printsJSON else {
      console.output(rest + "\n")
      return console.remark(
        "\(request.length) tokens after \(continuation.prompt.count), \(Int(speed)) a second\n")
    }
    let json = JSON.make([
      "prompt": .string(request.prompt), "text": .string(text.whole), "tokens": .array(tokens.map(JSON.integer)),
      "seed": .string(String(seed)), "temperature": .number(request.temperature), "top_k": request.topK.map(JSON.integer),
      "prompt_seconds": .number(prompting / .seconds(1)), "tokens_per_second": .number(speed),
    ])
    console.output(json)
  }
}

/// Bytes of UTF-8 that come a few at a time, as text: a character is handed on once it is whole.
private struct StreamedText {
  private(set) var whole = ""
  private var pending: [UInt8] = []

  /// What has become whole.
  mutating func append(_ bytes: [UInt8]) -> String {
    pending += bytes
    // No character has more than four bytes: what is still none with as many is damaged.
    guard let text = String(validating: pending, as: UTF8.self) ?? (pending.count < 4 ? nil : String(decoding: pending, as: UTF8.self))
    else { return "" }
    pending = []
    whole += text
    return text
  }

  /// What is left.
  mutating func finish() -> String {
    let text = String(decoding: pending, as: UTF8.self)
    pending = []
    whole += text
    return text
  }
}

extension ContinuationError.Kind {
  fileprivate var code: Code {
    switch self {
    case .network: .notContinuable
    case .prompt: .promptUnknown
    case .outputs: .diverged
    case .memory: .planTooLarge
    case .defect: .defect
    }
  }

  fileprivate var status: ExitStatus {
    switch self {
    case .network, .memory: .failure
    case .prompt: .usage
    case .outputs: .numeric
    case .defect: .defect
    }
  }
}
