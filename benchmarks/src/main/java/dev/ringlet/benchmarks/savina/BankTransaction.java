package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** A teller has accounts pay each other; the one that pays waits until the other has taken it. */
final class BankTransaction implements Program {
  private static final int ACCOUNTS = 1_000;
  private static final int TRANSACTIONS = 100_000;

  private sealed interface Message {}

  private record Start() implements Message {}

  private record Credit(Ref<Message> teller, int amount, Ref<Message> to) implements Message {}

  private record Debit(Ref<Message> from, int amount) implements Message {}

  private record Taken() implements Message {}

  private record Done() implements Message {}

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    actors.<Message>spawn(() -> new Teller(result)).tell(new Start());
    Program.expect(TRANSACTIONS, result);
  }

  private static final class Teller implements Body<Message> {
    private final SplittableRandom random = new SplittableRandom(1);
    private final CompletableFuture<Long> result;
    private long done;

    Teller(CompletableFuture<Long> result) {
      this.result = result;
    }

    @Override
    public void receive(Message message, Here<Message> here) {
      if (message instanceof Start) {
        List<Ref<Message>> accounts = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
          accounts.add(here.spawn(Account::new));
        }
        for (int i = 0; i < TRANSACTIONS; i++) {
          // The last tenth only takes, as in the suite, so nobody waits in a circle.
          Ref<Message> from = accounts.get(random.nextInt(ACCOUNTS * 9 / 10));
          Ref<Message> to = accounts.get(ACCOUNTS * 9 / 10 + random.nextInt(ACCOUNTS / 10));
          from.tell(new Credit(here.self(), random.nextInt(1000), to));
        }
      } else {
        done++;
        if (done == TRANSACTIONS) {
          result.complete(done);
          here.stop();
        }
      }
    }
  }

  /** Answers are matched by their order: one payment at a time goes to each receiver. */
  private static final class Account implements Body<Message> {
    private final List<Ref<Message>> tellers = new ArrayList<>();
    private long balance;

    @Override
    public void receive(Message message, Here<Message> here) {
      if (message instanceof Credit credit) {
        balance -= credit.amount();
        tellers.add(credit.teller());
        credit.to().tell(new Debit(here.self(), credit.amount()));
      } else if (message instanceof Debit debit) {
        balance += debit.amount();
        debit.from().tell(new Taken());
      } else if (balance != Long.MIN_VALUE) {
        tellers.remove(tellers.size() - 1).tell(new Done());
      }
    }
  }
}
