import Drnc

/// The example of docs/swift.md, word for word.
func trainAndPredict() throws {
  let program = try Program(file: "flowers.drn", set: ["train.batch=8"])
  let run = try program.train(into: "runs/flowers") { epoch in
    print("epoch \(epoch.number): loss \(epoch.loss)")
  }
  let model = try Model(run: run.folder)
  for prediction in try model.predict("new.csv") {
    print(prediction.label ?? "?", prediction.values)
  }
}
