def top_k(lst, k):
    if k==0 or lst==[]:
        return []
    else:
        res=[]
        for n in range(k):
            res+=[max(lst)]
            lst.remove(res[n])
        return res
