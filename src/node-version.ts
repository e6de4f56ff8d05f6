/** The oldest major release of Node.js that this package runs on. */
const oldest = 24;

if (Number.parseInt(process.versions.node, 10) < oldest)
  throw new Error(
    `vcenter-session-subgraph requires Node.js ${oldest} or newer. This is Node.js ${process.versions.node}. ` +
      `Install Node.js ${oldest}, or put it first on PATH.`,
  );
