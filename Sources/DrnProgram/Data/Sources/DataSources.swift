/// The sources of examples that `source:` can name. A new source is one file in this folder, with a reader in `DrnData`, and one entry here.
public enum DataSources {
  /// In the order in which they are listed.
  public static let all: [any DataSource.Type] = [
    IDXSource.self, CSVSource.self, NPYSource.self, NPZSource.self, CIFARSource.self, ImageSource.self, SyntheticSource.self,
    FashionMNISTSource.self, TextSource.self, TokensSource.self, LinesSource.self, AudioSource.self,
  ]
}
