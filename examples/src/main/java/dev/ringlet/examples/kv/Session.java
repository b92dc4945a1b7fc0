package dev.ringlet.examples.kv;

/**
 * What a connection knows about its client. <b>Thread:</b> the connection's; {@link #describe()}
 * any thread.
 */
final class Session {
  private final long id;
  private final String remoteAddress;
  private final long startMillis;
  private final ServerInfo server;

  /** Written by the connection, read by CLIENT LIST of others. */
  private volatile String name = "";

  private volatile String libraryName = "";
  private volatile String libraryVersion = "";
  private boolean closing;

  Session(ServerInfo server, String remoteAddress) {
    this.server = server;
    this.id = server.clients().nextId();
    this.remoteAddress = remoteAddress;
    this.startMillis = server.config().surroundings().millis();
  }

  long id() {
    return id;
  }

  ServerInfo server() {
    return server;
  }

  String name() {
    return name;
  }

  void rename(String newName) {
    name = newName;
  }

  void setLibraryName(String text) {
    libraryName = text;
  }

  void setLibraryVersion(String text) {
    libraryVersion = text;
  }

  /** Whether no command is taken any more and the connection ends with the last reply. */
  boolean isClosing() {
    return closing;
  }

  void close() {
    closing = true;
  }

  /** One line as in CLIENT LIST, without its end. */
  String describe() {
    return "id="
        + id
        + " addr="
        + remoteAddress
        + " laddr="
        + server.config().bind()
        + ":"
        + server.config().port()
        + " name="
        + name
        + " age="
        + (server.config().surroundings().millis() - startMillis) / 1000
        + " flags=N db=0 lib-name="
        + libraryName
        + " lib-ver="
        + libraryVersion
        + " resp=2";
  }
}
