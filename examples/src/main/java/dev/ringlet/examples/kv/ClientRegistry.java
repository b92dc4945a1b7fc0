package dev.ringlet.examples.kv;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The connected clients of all executors. <b>Thread:</b> any; touched once per connection. */
final class ClientRegistry {
  private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();

  long nextId() {
    return lastId.incrementAndGet();
  }

  void add(Session session) {
    sessions.put(session.id(), session);
  }

  void remove(Session session) {
    sessions.remove(session.id());
  }

  int count() {
    return sessions.size();
  }

  Collection<Session> sessions() {
    return sessions.values();
  }
}
