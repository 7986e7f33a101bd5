// VS Code finds a TypeScript plugin by its name in node_modules; the code itself is built with the rest.
module.exports = require('../../dist/typescriptPlugin.js');
