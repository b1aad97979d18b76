class BarzilaiBorweinTrial(BarzilaiBorwein):
    def propose(self, at):
        return self.step(at)

    def learn(self, taken, cuts):
        pass


def global_barzilai_borwein(memory, kind, eta0, eta_max, delta, c):
    return LineSearch(c, delta, RecentLoss(memory), BarzilaiBorweinTrial(kind, eta0, eta_max), least=None)
