package dev.ringlet.examples.kv;

/** The reply to INFO, from the counts of all shards. <b>Thread:</b> the connection's. */
final class InfoReply extends MultiReply {
  private final ServerInfo server;
  private final byte[][] arguments;

  InfoReply(int shards, ServerInfo server, byte[][] arguments) {
    super(shards);
    this.server = server;
    this.arguments = arguments;
  }

  @Override
  Reply merge(Reply[] parts) {
    long[] sums = new long[((Reply.Array) parts[0]).items().length];
    for (Reply part : parts) {
      Reply[] items = ((Reply.Array) part).items();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += ((Reply.Int) items[i]).value();
      }
    }
    StringBuilder text = new StringBuilder();
    section(text, "Server", server.describeServer());
    section(text, "Clients", "connected_clients:" + server.clients().count() + "\r\n");
    section(
        text,
        "Memory",
        "used_memory:"
            + sums[2]
            + "\r\nmaxmemory:"
            + server.config().maxMemoryBytes()
            + "\r\nmaxmemory_policy:noeviction\r\n");
    section(text, "Persistence", persistence(sums));
    section(text, "Stats", "expired_keys:" + sums[3] + "\r\n");
    section(text, "Replication", "role:master\r\nconnected_slaves:0\r\n");
    section(text, "Cluster", "cluster_enabled:0\r\n");
    section(
        text,
        "Keyspace",
        sums[0] == 0 ? "" : "db0:keys=" + sums[0] + ",expires=" + sums[1] + ",avg_ttl=0\r\n");
    return Replies.bulk(text.toString());
  }

  /** Sums over all shards; "rewrite" is what Redis calls compaction. */
  private static String persistence(long[] sums) {
    return "loading:0\r\naof_enabled:1\r\naof_current_size:"
        + sums[4]
        + "\r\naof_live_size:"
        + sums[5]
        + "\r\naof_rewrite_in_progress:"
        + Math.min(1, sums[6])
        + "\r\naof_rewrites:"
        + sums[7]
        + "\r\naof_rewrite_failures:"
        + sums[8]
        + "\r\naof_rewrite_time_ms:"
        + sums[9]
        + "\r\naof_rewrite_saved_bytes:"
        + sums[10]
        + "\r\n";
  }

  private void section(StringBuilder text, String name, String lines) {
    if (isWanted(name)) {
      text.append(text.isEmpty() ? "" : "\r\n").append("# ").append(name).append("\r\n");
      text.append(lines);
    }
  }

  private boolean isWanted(String name) {
    if (arguments.length == 1) {
      return true;
    }
    for (int i = 1; i < arguments.length; i++) {
      String wanted = Ascii.lower(arguments[i]);
      if (wanted.equals("all")
          || wanted.equals("everything")
          || wanted.equals("default")
          || wanted.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
