import DrnData
import DrnNumbers
import DrnTensorFile
import DrnTestSupport
import Testing

@Suite("Damaged vocabularies and files of tokens") struct TokenMutationTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let tokenizer =
    #"{"version":"1.0","added_tokens":[{"id":6,"content":"<e>","normalized":false}],"#
    + #""pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true,"use_regex":true},"decoder":{"type":"ByteLevel"},"model":{"type":"BPE","#
    + #""unk_token":"c","fuse_unk":true,"vocab":{"a":0,"b":1,"c":2,"ab":3,"Ġ":4,"Ġab":5},"merges":["a b",["Ġ","ab"]]}}"#

  @Test("any change of one byte of a vocabulary gives one that works, or an error that names the file") func vocabulary() throws {
    let good = Array(Self.tokenizer.utf8)
    let text = Array("ab abc<e> 'd é\n  ab".utf8)
    var (works, fails) = (0, 0)
    for index in good.indices {
      for byte in [0x00, 0x20, 0x22, 0x2C, 0x2D, 0x31, 0x39, 0x5B, 0x5C, 0x61, 0x7D, 0xC4, 0xFF] as [UInt8] {
        var changed = good
        changed[index] = byte
        let path = try folder.write("v.json", changed)
        do throws(DataError) {
          let vocabulary = try BytePairVocabulary(path: path)
          if let tokens = try? vocabulary.encode(text) {
            #expect(tokens.allSatisfy { (0..<Int32(vocabulary.names.count)).contains($0) })
            _ = vocabulary.decode(tokens)
          }
          works += 1
        } catch {
          #expect(error.path == path)
          fails += 1
        }
      }
    }
    #expect(works > 200 && fails > 1000, "\(works) \(fails)")
  }

  @Test("a vocabulary cut anywhere is an error") func cut() throws {
    for count in 0..<Self.tokenizer.utf8.count {
      let path = try folder.write("v.json", Array(Self.tokenizer.utf8.prefix(count)))
      #expect(throws: DataError.self) { _ = try BytePairVocabulary(path: path) }
    }
  }

  @Test("any change of one byte of an array of tokens, and any end, gives tokens below the bound or an error") func array() throws {
    let path = folder("t.npy")
    let bytes = (0..<12).flatMap { littleEndian(UInt16($0)) }
    try NumpyFile.write(TensorEntry(name: "t", elementType: .u16, shape: [12], bytes: bytes), path: path)
    let good = try contents(path)
    func read(_ bytes: [UInt8]) throws -> DataSet {
      _ = try folder.write("t.npy", bytes)
      return try TokenReader(path: path, element: nil, length: 3, testShare: 0.25, bound: 100).load().train
    }
    var fails = 0
    for index in good.indices {
      for flip in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
        var changed = good
        changed[index] ^= flip
        guard let data = try? read(changed) else {
          fails += 1
          continue
        }
        let tokens = data.tokens(of: Array(0..<data.count))
        #expect(!tokens.isEmpty && tokens.allSatisfy { (0..<100).contains($0) })
      }
      #expect(throws: DataError.self) { _ = try read(Array(good.prefix(index))) }
    }
    #expect(fails > 100)
  }
}
