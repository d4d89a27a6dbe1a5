"""Drives `drnc lsp` with pytest-lsp as three editors would; lsprotocol refuses answers that do not follow the protocol."""

import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

FAULTY = pathlib.Path(__file__).with_name("faulty.drn")
URI = FAULTY.as_uri()


@pytest_lsp.fixture(
    params=["neovim", "visual_studio_code", "emacs"], config=ClientServerConfig(server_command=[os.environ["DRNC"], "lsp"])
)
async def client(request, lsp_client: LanguageClient):
    result = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(request.param),
            workspace_folders=[types.WorkspaceFolder(uri=FAULTY.parent.as_uri(), name="clients")],
        )
    )
    lsp_client.units = result.capabilities.position_encoding
    yield
    await lsp_client.shutdown_session()


async def opened(client, text=None):
    item = types.TextDocumentItem(uri=URI, language_id="drn", version=1, text=text or FAULTY.read_text())
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    await client.wait_for_notification("textDocument/publishDiagnostics")
    return item.text, client.diagnostics[URI]


# The codec of each encoding of positions, and the bytes of one unit.
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def position(client, text, mark, offset=0):
    codec, size = CODECS[client.units]
    before = text[: text.index(mark)]
    column = len(before.rsplit("\n", 1)[-1].encode(codec)) // size
    return types.Position(line=before.count("\n"), character=column + offset)


def applied(client, text, edits):
    codec, size = CODECS[client.units]
    lines = text.split("\n")

    def offset(place):
        line = lines[place.line].encode(codec)[: place.character * size].decode(codec)
        return sum(len(line) + 1 for line in lines[: place.line]) + len(line)

    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


def edits_of(workspace_edit):
    if workspace_edit.document_changes:
        return [edit for change in workspace_edit.document_changes for edit in change.edits]
    return workspace_edit.changes[URI]


@pytest.mark.asyncio
async def test_fault_action_and_format(client: LanguageClient):
    text, found = await opened(client)
    assert [diagnostic.range.start for diagnostic in found] == [position(client, text, "cross_entrpy")]
    assert found[0].code.startswith("DRN") and "cross_entropy" in found[0].message
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri=URI), range=found[0].range, context=types.CodeActionContext(diagnostics=found)
        )
    )
    text = applied(client, text, edits_of(actions[0].edit))
    assert "loss: cross_entropy\n" in text
    change = types.TextDocumentContentChangeWholeDocument(text=text)
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=URI, version=2), content_changes=[change]
        )
    )
    await client.wait_for_notification("textDocument/publishDiagnostics")
    assert not client.diagnostics[URI]
    edits = await client.text_document_formatting_async(
        types.DocumentFormattingParams(
            text_document=types.TextDocumentIdentifier(uri=URI), options=types.FormattingOptions(tab_size=2, insert_spaces=True)
        )
    )
    assert "\n  batch: 100\n" in applied(client, text, edits)


@pytest.mark.asyncio
async def test_every_request_is_answered_as_the_protocol_has_it(client: LanguageClient):
    text, _ = await opened(client, FAULTY.read_text().replace("cross_entrpy", "cross_entropy"))
    document = types.TextDocumentIdentifier(uri=URI)
    place = position(client, text, "hidden", 2)
    whole = types.Range(start=types.Position(line=0, character=0), end=types.Position(line=99, character=0))
    hover = await client.text_document_hover_async(types.HoverParams(text_document=document, position=place))
    assert "[64] -> [32]" in hover.contents.value
    offers = await client.text_document_completion_async(types.CompletionParams(text_document=document, position=position(client, text, "relu", 2)))
    assert "relu" in [offer.label for offer in offers]
    help = await client.text_document_signature_help_async(
        types.SignatureHelpParams(text_document=document, position=position(client, text, "sgd(", 4))
    )
    assert help.signatures[0].label.startswith("sgd(")
    definition = await client.text_document_definition_async(
        types.DefinitionParams(text_document=document, position=position(client, text, "mlp on"))
    )
    assert definition[0].range.start == position(client, text, "mlp(image")
    references = await client.text_document_references_async(
        types.ReferenceParams(
            text_document=document, position=position(client, text, "digits"), context=types.ReferenceContext(include_declaration=True)
        )
    )
    assert len(references) == 2
    assert await client.text_document_document_highlight_async(types.DocumentHighlightParams(text_document=document, position=place))
    prepared = await client.text_document_prepare_rename_async(types.PrepareRenameParams(text_document=document, position=place))
    assert prepared.placeholder == "hidden"
    renamed = await client.text_document_rename_async(types.RenameParams(text_document=document, position=place, new_name="first"))
    assert "first: linear(32)" in applied(client, text, edits_of(renamed))
    assert await client.text_document_document_symbol_async(types.DocumentSymbolParams(text_document=document))
    assert await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="mlp"))
    assert await client.text_document_folding_range_async(types.FoldingRangeParams(text_document=document))
    tokens = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(text_document=document))
    assert len(tokens.data) > 100
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(text_document=document, range=whole))
    assert "[32]" in [hint.label for hint in hints]
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(text_document=document))
    assert "parameters" in lenses[0].command.title
    shown = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=lenses[0].command.command, arguments=lenses[0].command.arguments)
    )
    assert "phase" in shown
