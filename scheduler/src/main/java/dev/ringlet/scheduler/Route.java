package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.MailboxFullException;
import dev.ringlet.actor.Routing;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which routees get a message; chosen by senders. Any thread. */
abstract class Route {
  /** What becomes of an entry for which there is no room. */
  enum Way {
    TELL {
      @Override
      boolean send(ActorCell<?> cell, Object entry) {
        cell.tellEntry(entry);
        return true;
      }
    },
    POST {
      @Override
      boolean send(ActorCell<?> cell, Object entry) {
        cell.post(entry);
        return true;
      }
    },
    TRY {
      @Override
      boolean send(ActorCell<?> cell, Object entry) {
        return cell.tryPost(entry);
      }
    };

    abstract boolean send(ActorCell<?> cell, Object entry);
  }

  /** 2^64 divided by the golden ratio. */
  static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** Returns false if there was no room, and that was asked. */
  abstract boolean send(Routee[] routees, Object entry, Way way);

  static <M> Route of(Routing<M> routing) {
    Objects.requireNonNull(routing, "routing");
    if (routing instanceof Routing.RoundRobin<M>) {
      return new RoundRobin();
    } else if (routing instanceof Routing.Random<M>) {
      return new Random();
    } else if (routing instanceof Routing.ConsistentHash<M> hash) {
      @SuppressWarnings("unchecked") // the router's messages are all it is given
      Function<Object, ?> keyOf = (Function<Object, ?>) hash.keyOf();
      return new ConsistentHash(keyOf);
    } else if (routing instanceof Routing.SmallestMailbox<M>) {
      return new SmallestMailbox();
    }
    return new Broadcast();
  }

  private static final class RoundRobin extends Route {
    private final AtomicInteger next = new AtomicInteger();

    @Override
    boolean send(Routee[] routees, Object entry, Way way) {
      int index = Integer.remainderUnsigned(next.getAndIncrement(), routees.length);
      return way.send(routees[index].cell, entry);
    }
  }

  private static final class Random extends Route {
    @Override
    boolean send(Routee[] routees, Object entry, Way way) {
      int index = routees[0].cell.system().random().nextInt(routees.length);
      return way.send(routees[index].cell, entry);
    }
  }

  private static final class ConsistentHash extends Route {
    private final Function<Object, ?> keyOf;

    ConsistentHash(Function<Object, ?> keyOf) {
      this.keyOf = keyOf;
    }

    @Override
    boolean send(Routee[] routees, Object entry, Way way) {
      Object message = Objects.requireNonNull(Envelope.messageIn(entry));
      Object key = Objects.requireNonNull(keyOf.apply(message), "keyOf gave null");
      return way.send(highest(routees, key.hashCode()).cell, entry);
    }

    private static Routee highest(Routee[] routees, int hash) {
      Routee highest = routees[0];
      long best = weight(highest, hash);
      for (int i = 1; i < routees.length; i++) {
        long weight = weight(routees[i], hash);
        if (weight > best) {
          best = weight;
          highest = routees[i];
        }
      }
      return highest;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long weight(Routee routee, int hash) {
      long mixed = routee.seed ^ (hash * SPREAD);
      mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      return mixed ^ (mixed >>> 31);
    }
  }

  private static final class SmallestMailbox extends Route {
    /** Where the search begins, so that equals take turns. */
    private final AtomicInteger next = new AtomicInteger();

    @Override
    boolean send(Routee[] routees, Object entry, Way way) {
      Counted counted = new Counted(least(routees), entry);
      boolean sent = false;
      try {
        sent = way.send(counted.routee.cell, counted);
      } finally {
        if (!sent) {
          counted.release();
        }
      }
      return sent;
    }

    private Routee least(Routee[] routees) {
      int first = Integer.remainderUnsigned(next.getAndIncrement(), routees.length);
      Routee least = routees[first];
      int fewest = least.waiting.get();
      for (int i = 1; i < routees.length && fewest > 0; i++) {
        Routee other = routees[(first + i) % routees.length];
        int waiting = other.waiting.get();
        if (waiting < fewest) {
          fewest = waiting;
          least = other;
        }
      }
      return least;
    }
  }

  /** An entry that counts as long as it waits, or the first of those who get it has begun. */
  private static final class Counted extends Envelope {
    private static final VarHandle RELEASED;

    static {
      try {
        RELEASED = MethodHandles.lookup().findVarHandle(Counted.class, "released", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Routee routee;
    private final Object entry;

    @SuppressWarnings("unused") // through RELEASED
    private volatile boolean released;

    Counted(Routee routee, Object entry) {
      this.routee = routee;
      this.entry = entry;
      routee.waiting.incrementAndGet();
    }

    void release() {
      if (RELEASED.compareAndSet(this, false, true)) {
        routee.waiting.decrementAndGet();
      }
    }

    @Override
    @Nullable Object message() {
      return messageIn(entry);
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      release();
      cell.deliverEntry(entry);
    }

    @Override
    void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
      release();
      cell.undeliverable(entry, reason, sender);
    }

    @Override
    void replaced(RuntimeException cause) {
      release();
      replaced(entry, cause);
    }
  }

  private static final class Broadcast extends Route {
    @Override
    boolean send(Routee[] routees, Object entry, Way way) {
      if (asks(entry)) {
        Envelope.replaced(
            entry,
            new UnsupportedOperationException(
                "a router that tells all takes no questions; ask one of its routees"));
        return true;
      }
      boolean taken = false;
      MailboxFullException full = null;
      for (Routee routee : routees) {
        try {
          taken |= way.send(routee.cell, entry);
        } catch (MailboxFullException noRoom) {
          full = noRoom;
        }
      }
      if (full != null) {
        throw full;
      }
      return taken;
    }

    private static boolean asks(Object entry) {
      Object inner = entry;
      while (inner instanceof Counted counted) {
        inner = counted.entry;
      }
      return inner instanceof Question;
    }
  }
}
