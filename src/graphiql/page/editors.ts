import { KeyCode, pick, useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

/** When Escape closes something inside the editor and must not leave it. */
const nothingToClose = [
  '!suggestWidgetVisible',
  '!findWidgetVisible',
  '!renameInputVisible',
  '!parameterHintsVisible',
  '!inSnippetMode',
  '!editorHasMultipleSelections',
  '!editorHoverFocused',
].join(' && ');

/**
 * Makes the editors readable and usable for everyone: long lines wrap, each editor has a name, and the
 * keyboard gets out again. Enter goes into an editor (as GraphiQL has it), Escape goes back to its frame,
 * from where Tab goes on; without it the Tab key would only ever indent.
 */
export function useAccessibleEditors(): void {
  const editors = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'headerEditor', 'responseEditor'),
  );
  const { queryEditor, variableEditor, headerEditor, responseEditor } = editors;

  useEffect(() => {
    const named = [
      { editor: queryEditor, name: 'Operation' },
      { editor: variableEditor, name: 'Variables' },
      { editor: headerEditor, name: 'Headers' },
      { editor: responseEditor, name: 'Response' },
    ];
    const actions = named.map(({ editor, name }) => {
      const frame = editor?.getContainerDomNode();
      frame?.setAttribute('role', 'group');
      frame?.setAttribute('aria-label', `${name} editor. Enter to go in, Escape to leave.`);
      editor?.updateOptions({
        ariaLabel: `${name}. Escape to leave.`,
        wordWrap: 'on',
        wrappingIndent: 'indent',
      });
      return editor?.addAction({
        id: 'leave-editor',
        label: 'Leave the Editor',
        keybindings: [KeyCode.Escape],
        precondition: nothingToClose,
        run: () => frame?.focus(),
      });
    });
    return () => {
      for (const action of actions) action?.dispose();
    };
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);
}
