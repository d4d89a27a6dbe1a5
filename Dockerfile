# Builds drnc on Debian 12 and trains the quickstart:
#
#   docker build -t drnc .
#   docker run --rm -v "$PWD/runs:/drnc/runs" drnc
#
# Other commands follow the name of the image: docker run --rm drnc check models/quickstart.drn --cost
FROM swift:6.1-bookworm
WORKDIR /drnc
COPY install ./
RUN ./install
COPY . .
RUN swift build -c release --product drnc
ENTRYPOINT ["/drnc/.build/release/drnc"]
CMD ["train", "models/quickstart.drn"]
