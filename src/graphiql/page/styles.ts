// GraphiQL's style.css as its parts, but for a second copy of Monaco's styles (Monaco brings them itself)
// and for the fonts' alphabets that vite.config.ts leaves out.
import '@graphiql/react/font/roboto.css';
import '@graphiql/react/font/fira-code.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './page.css';
