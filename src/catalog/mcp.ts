/** The public MCP servers, found by registry name, repository or package. */

import serversFile from "./mcp-servers.json" with { type: "json" };

/** An MCP server of the public registry. */
export interface McpServer {
  /** Registry name, such as "io.github.owner/server". */
  readonly name: string;
  /** Host and path, without a scheme. */
  readonly repository: string;
  /** "npm:name", "pypi:name", "docker:name", or the name alone where the registry is not stated. */
  readonly packages: readonly string[];
}

const byKey = new Map<string, McpServer>();
for (const server of serversFile.servers) {
  const repository = server.repository.toLowerCase();
  for (const name of [server.name, repository, repository.replace(/^github\.com\//, "")]) {
    byKey.set(name.toLowerCase(), server);
  }
  for (const labelled of server.packages ?? [])
    add(labelled.replace(/^(npm|pypi|docker):/, ""), server);
  add(repository.slice(repository.lastIndexOf("/") + 1), server);
}

/** A short name may stand for several projects: it is kept only where it says "mcp" or names its scope, first come. */
function add(name: string, server: McpServer): void {
  const key = name.toLowerCase();
  if (!/(^|[^a-z])mcp([^a-z]|$)/.test(key) && !key.includes("/")) return;
  // "mcp", "mcp-server" and the like are everybody's names.
  if (/^(mcp|mcp[-_]servers?|servers?[-_]mcp)$/.test(key)) return;
  if (!byKey.has(key)) byKey.set(key, server);
}

/** The MCP server with this registry name, repository (URL or "owner/name") or package name; null if none is known. */
export function mcpServer(nameOrPackageOrRepository: string): McpServer | null {
  const key = nameOrPackageOrRepository
    .trim()
    .toLowerCase()
    .replace(/^(?:git\+)?https?:\/\//, "")
    .replace(/(?:\.git)?\/?$/, "");
  return byKey.get(key) ?? null;
}

/** All MCP servers, by name. */
export function mcpServers(): McpServer[] {
  return [...new Set(byKey.values())];
}
