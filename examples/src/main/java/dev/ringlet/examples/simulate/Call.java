package dev.ringlet.examples.simulate;

import org.jspecify.annotations.Nullable;

/**
 * One command of a client on one key, and what came of it. A call that was never answered may have
 * been executed, or may be executed at any time later. The simulation's thread.
 */
final class Call {
  /** Of what has not happened. */
  static final long NEVER = Long.MAX_VALUE;

  /** What a call does. */
  enum Kind {
    /** Reads the value; null for none. */
    GET,
    /** Writes a value that no other call writes. */
    SET,
    /** Removes the key, and tells whether it was there. */
    DEL
  }

  private final Kind kind;
  private final String client;
  private final String key;
  private final @Nullable String written;
  private final long begin;
  private long end = NEVER;
  private @Nullable String read;
  private boolean found;
  private boolean refused;

  Call(Kind kind, String client, String key, @Nullable String written, long begin) {
    this.kind = kind;
    this.client = client;
    this.key = key;
    this.written = written;
    this.begin = begin;
  }

  Kind kind() {
    return kind;
  }

  String client() {
    return client;
  }

  String key() {
    return key;
  }

  /** What a SET writes; null for others. */
  @Nullable String written() {
    return written;
  }

  /** What a GET has read. */
  @Nullable String read() {
    return read;
  }

  /** Whether a DEL has found the key. */
  boolean found() {
    return found;
  }

  /** When it was sent. */
  long begin() {
    return begin;
  }

  /** When the answer was there, or {@link #NEVER}. */
  long end() {
    return end;
  }

  boolean isAnswered() {
    return end != NEVER;
  }

  /** Whether the server has answered that it could not do it, which it may have nevertheless. */
  boolean isRefused() {
    return refused;
  }

  Call wrote(long now) {
    end = now;
    return this;
  }

  Call read(@Nullable String value, long now) {
    read = value;
    end = now;
    return this;
  }

  Call deleted(boolean wasFound, long now) {
    found = wasFound;
    end = now;
    return this;
  }

  /** The answer was an error: the outcome is as unknown as without one. */
  Call refuse() {
    refused = true;
    return this;
  }

  /** Whether it leaves the key with a value, or without. */
  boolean writes() {
    return kind != Kind.GET;
  }

  /** Whether it may be executed while the key has a value, as far as its answer tells. */
  boolean allows(@Nullable String value) {
    if (!isAnswered()) {
      return true;
    }
    return switch (kind) {
      case GET -> read == null ? value == null : read.equals(value);
      case SET -> true;
      case DEL -> found == (value != null);
    };
  }

  /** The value after it. */
  @Nullable String after(@Nullable String value) {
    return kind == Kind.GET ? value : written;
  }

  @Override
  public String toString() {
    String outcome =
        !isAnswered()
            ? (refused ? "refused" : "not answered")
            : switch (kind) {
              case GET -> String.valueOf(read);
              case SET -> "OK";
              case DEL -> found ? "1" : "0";
            };
    String what = kind + " " + key + (written == null ? "" : " " + written);
    String time = begin + ".." + (isAnswered() ? String.valueOf(end) : "");
    return time + " " + client + ": " + what + " -> " + outcome;
  }
}
