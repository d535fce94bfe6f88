"""How fast bpviz is, each thing beside a peer or a floor in the same run: python -m tests.benchmarks.

The extra `bench` brings the peers. A peer that is missing is told in its row.
"""
